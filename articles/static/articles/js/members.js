// The members of a group unfold beneath their lead, and fold again.
"use strict";

(() => {
  const { desk } = window;

  const get = async (address) => {
    const response = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!response.ok || response.redirected) throw new Error(`members: ${response.status}`);
    return [...desk.answer.parse(await response.text()).querySelectorAll("tr")];
  };

  const control = (row) => row.querySelector('[data-command="fold"]');

  const tell = (row, open) => control(row)?.setAttribute("aria-expanded", String(open));

  const put = (row, members) => {
    row.after(...members);
    for (const member of members) htmx.process(member);
    tell(row, true);
    desk.selection.count();
  };

  const fold = (row) => {
    const inside = desk.answer.membersOf(row).some((member) => member.classList.contains("current") || member.contains(document.activeElement));
    for (const member of desk.answer.membersOf(row)) member.remove();
    tell(row, false);
    if (inside) desk.cursor.to(row);
    desk.selection.count();
  };

  const unfold = async (row) => {
    try {
      const members = await get(row.dataset.members);
      if (!desk.answer.membersOf(row).length) put(row, members);
    } catch {
      desk.say("error", "The members of this group could not be loaded; try again.", row);
    }
  };

  // Unfolded groups stay unfolded when they change; the cursor stays on its story.
  const reload = async (row) => {
    const old = desk.answer.membersOf(row);
    if (!row.dataset.members) {
      for (const member of old) member.remove();
      return;
    }
    const at = old.find((member) => member.classList.contains("current"));
    const inside = old.some((member) => member.contains(document.activeElement));
    const picked = new Set(old.filter((member) => member.querySelector("input:checked")).map((member) => member.id));
    const members = await get(row.dataset.members);
    for (const member of desk.answer.membersOf(row)) member.remove();
    put(row, members);
    for (const member of members) {
      if (picked.has(member.id)) member.querySelector('input[name="story"]').checked = true;
    }
    if (at || inside) desk.cursor.to((at && document.getElementById(at.id)) || members[0] || row);
  };

  const leadOf = (row) => (row.matches(".member") ? desk.answer.rowOf(row.dataset.lead) : row);

  const toggle = (row) => {
    const lead = leadOf(row);
    if (!lead || !control(lead) || !lead.dataset.members) return false;
    if (desk.answer.membersOf(lead).length) fold(lead);
    else unfold(lead);
    return true;
  };

  const more = async (link) => {
    const row = link.closest("tr");
    const members = await get(link.getAttribute("hx-get"));
    const inside = row.contains(document.activeElement);
    row.replaceWith(...members);
    for (const member of members) htmx.process(member);
    if (inside && members[0]) desk.cursor.to(members[0]);
    desk.selection.count();
  };

  document.addEventListener(
    "click",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const fold = event.target.closest('#rows [data-command="fold"]');
      const rest = event.target.closest("#rows tr.member.more a");
      if (!fold && !rest) return;
      if (fold && !toggle(fold.closest("tr"))) return;
      if (rest) more(rest).catch(() => desk.say("error", "The other members could not be loaded; try again."));
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  desk.members = { toggle, reload, leadOf };
})();
