// The desk's answers take their places in the list: rows are replaced, folded away or put back where they stood.
"use strict";

(() => {
  const { desk } = window;
  const table = () => document.getElementById("rows");
  const rowOf = (pk) => document.getElementById(`story-${pk}`);
  const follows = (pk) => !rowOf(pk)?.querySelector(".led");

  const parse = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  };

  const membersOf = (row) => [...table().querySelectorAll(`tr.member[data-lead="${row.dataset.id}"]`)];

  // What the eye and the hand hold on to: the current row, the box that is ticked, the control that has the focus.
  const hold = (row) => {
    const box = row.querySelector('input[name="story"]');
    const active = row.contains(document.activeElement) ? document.activeElement : null;
    return {
      current: row.classList.contains("current"),
      picked: Boolean(box && box.checked),
      inside: Boolean(active),
      command: active && active.dataset.command,
    };
  };

  const takeOver = (row, held) => {
    const box = row.querySelector('input[name="story"]');
    if (box && held.picked) box.checked = true;
    if (held.current) desk.cursor.mark(row);
    if (!held.inside) return;
    const same = held.command && row.querySelector(`[data-command="${held.command}"]`);
    (same || row.querySelector("button.switch") || row.querySelector(".headline")).focus({ preventScroll: true });
  };

  const swap = (old, row) => {
    const held = hold(old);
    // A decided story stays where it is, greyed, until the queue is left.
    row.classList.toggle("decided", isDecided(row));
    row.classList.remove("current");
    row.removeAttribute("aria-current");
    old.replaceWith(row);
    takeOver(row, held);
    htmx.process(row);
  };

  // Where a row stood that folded under another one: an undo puts it back there.
  const leavePlace = (row) => {
    const place = document.createElement("tr");
    place.hidden = true;
    place.dataset.place = row.dataset.id;
    const wasCurrent = row.classList.contains("current");
    const inside = row.contains(document.activeElement);
    const members = membersOf(row);
    for (const member of members) member.remove();
    row.replaceWith(place);
    return { lost: wasCurrent || inside, opened: members.length > 0 };
  };

  const putIn = (row) => {
    const place = table().querySelector(`tr[data-place="${row.dataset.id}"]`);
    const member = document.getElementById(`member-${row.dataset.id}`);
    const leader = member ? rowOf(member.dataset.lead) : desk.cursor.current();
    if (place) place.replaceWith(row);
    else if (leader) lastOf(leader).after(row);
    else table().prepend(row);
    if (member) handOver(member, leader || row);
    htmx.process(row);
  };

  // A member that left its group: the cursor goes on to the next one.
  const handOver = (member, leader) => {
    const next = member.nextElementSibling;
    const isCurrent = member.classList.contains("current");
    member.remove();
    if (isCurrent) desk.cursor.mark(next && next.matches(".member:not(.more)") ? next : leader);
  };

  const lastOf = (row) => membersOf(row).at(-1) || row;

  const refreshMembers = (touched) => {
    const opened = new Set();
    for (const pk of touched) {
      const row = rowOf(pk) || rowOf(document.getElementById(`member-${pk}`)?.dataset.lead);
      if (row && membersOf(row).length) opened.add(row);
    }
    return Promise.all([...opened].map((row) => desk.members.reload(row)));
  };

  // A new lead stands where the old one stood.
  const placeRow = (row) => {
    const old = rowOf(row.dataset.id);
    const isLed = Boolean(row.querySelector(".led"));
    if (old && isLed && follows(row.dataset.id)) return leavePlace(old);
    if (old) swap(old, row);
    else if (!isLed) putIn(row);
    return { lost: false, opened: false };
  };

  const sayAll = (content) => {
    const region = document.getElementById("messages");
    for (const message of content.querySelectorAll("#messages .message")) region.append(message);
  };

  const isFoldedGroup = (row) => row.isConnected && row.dataset.members && !membersOf(row).length;

  // Where the current row folded away the cursor goes to its lead; nobody who types elsewhere loses the focus.
  const settle = (lead, touched) => {
    const active = document.activeElement;
    const current = desk.cursor.current();
    const next = current || (lead && rowOf(lead.dataset.id)) || desk.cursor.rows()[0];
    if (!next) return;
    if (active === document.body || (!current && table().contains(active))) desk.cursor.to(next);
    else if (!current) desk.cursor.mark(next);
    if (touched.includes(next.dataset.id) || !current) desk.preview.show(next);
  };

  // Rows of an answer, and the stories it touched; resolves when unfolded groups are fresh as well.
  const place = async (html, touched) => {
    const content = parse(html);
    const rows = [...content.querySelectorAll("tr.row")];
    // Leads first: they take the place of those that fold under them.
    rows.sort((a, b) => Boolean(a.querySelector(".led")) - Boolean(b.querySelector(".led")));
    const leads = rows.filter((row) => !row.querySelector(".led"));
    const left = rows.map(placeRow).filter((each) => each.lost || each.opened);
    for (const pk of touched) desk.preview.forget(pk);
    sayAll(content);
    await refreshMembers(touched);
    // A group that was unfolded is unfolded under its new lead.
    if (left.some((each) => each.opened)) await Promise.all(leads.filter(isFoldedGroup).map(desk.members.reload));
    settle(left.some((each) => each.lost) ? leads[0] : null, touched);
    desk.selection.count();
  };

  const isDecided = (row) => table()?.dataset.queue === "inbox" && !("waits" in row.dataset);

  desk.answer = { place, parse, membersOf, lastOf, rowOf, swap, isDecided };
})();
