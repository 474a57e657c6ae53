// What the keys of the list do: to the current row, or to the selected ones.
"use strict";

(() => {
  const { desk } = window;
  let latest = null; // what `.` repeats: { name, extra }
  let reason = null; // the row just declined, as long as a digit names the reason

  const cursor = () => desk.cursor.current();
  const some = () => desk.selection.picked().length > 0;
  const bulk = (verb) => desk.keys.press(`#bulk button[name="verb"][value="${verb}"]`);

  const refuse = (name) => desk.say("info", `“${desk.keymap.label(name)}” is not possible for this story.`);

  // The control stands in the row, or in the row's preview, which may still be on its way.
  const controlOf = async (row, name) => row.querySelector(`[data-command="${name}"]`) || desk.preview.control(row, name);

  const act = async (row, name, extra = {}) => {
    row.setAttribute("aria-busy", "true");
    const button = await controlOf(row, name).catch(() => null);
    if (!button || button.disabled) {
      row.removeAttribute("aria-busy");
      refuse(name);
      return false;
    }
    return desk.act.byButton(button, row, extra);
  };

  const decide = (name, { advance = false, extra = {} } = {}) => {
    const row = cursor();
    if (!row) return false;
    latest = { name, advance, extra };
    const done = act(row, name, extra);
    desk.reasons.close();
    reason = null;
    if (name === "decline") {
      reason = row;
      desk.reasons.offer(row, done);
    }
    if (advance) desk.cursor.advance();
    return true;
  };

  const publish = () => (some() ? bulk("publish") : decide("publish", { advance: true }));
  const unpublish = () => (some() ? bulk("unpublish") : decide("unpublish"));
  const decline = () => (some() ? bulk("decline") : decide("decline", { advance: true }));

  const repeat = () => {
    if (!latest || !cursor()) return false;
    return latest.name === "snooze" ? desk.snooze.again(cursor()) : decide(latest.name, latest);
  };

  // A link of the row's preview: its address, wherever it stands.
  const follow = async (name, { apart = false } = {}) => {
    const row = cursor();
    const link = row && (await controlOf(row, name).catch(() => null));
    if (!link) refuse(name);
    else if (link.matches("a") && apart) window.open(link.href, "_blank", "noopener,noreferrer");
    else if (link.matches("a")) desk.go(link.href);
    else desk.act.byButton(link, row);
  };

  // What was taken back is where the cursor goes: it wants another decision.
  const takeBack = (name) => {
    const button = document.querySelector(`.commands [data-command="${name}"]`);
    if (!button) return false;
    desk.reasons.close();
    reason = null;
    desk.act.byButton(button, null).then((touched) => {
      const row = touched && touched.map(desk.answer.rowOf).find(Boolean);
      if (row && !document.querySelector("dialog[open]")) desk.cursor.to(row);
    });
    return true;
  };

  const commands = {
    next: () => Boolean(desk.cursor.step(1)),
    previous: () => Boolean(desk.cursor.step(-1)),
    extend_down: () => desk.selection.extend(1),
    extend_up: () => desk.selection.extend(-1),
    open: () => (cursor() ? desk.cursor.open(cursor()) : false),
    original: () => (cursor() ? void follow("original", { apart: true }) : false),
    publish,
    unpublish,
    decline,
    snooze: () => (cursor() ? desk.snooze.open(cursor()) : false),
    claim: () => decide("claim"),
    shelf: () => decide("shelf"),
    select: () => (cursor() ? desk.selection.toggle(cursor()) : false),
    select_above: () => desk.selection.beyond(-1),
    select_below: () => desk.selection.beyond(1),
    link: () => (cursor() ? void desk.regroup.link(cursor()) : false),
    unlink: () => (cursor() ? void desk.regroup.ask(cursor(), "unlink") : false),
    lead: () => (cursor() ? void desk.regroup.ask(cursor(), "lead") : false),
    split: () => (cursor() ? void desk.regroup.ask(cursor(), "split") : false),
    fold: () => (cursor() ? desk.members.toggle(cursor()) : false),
    topics: () => (cursor() ? void desk.fields.open(cursor(), "topics") : false),
    edit: () => (cursor() ? void follow("edit") : false),
    undo: () => takeBack("undo"),
    redo: () => takeBack("redo"),
    repeat,
    escape: () => desk.reasons.close() || desk.selection.clear(),
  };

  // A digit right after declining is the reason.
  const digit = (key) => Boolean(reason) && /^[0-9]$/.test(key) && desk.reasons.choose(key);

  const remember = (name, extra = {}) => (latest = { name, extra, advance: true });

  // The buttons of the rows and of the preview decide without leaving the list, like the keys.
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest('.triage button[form="act"], #messages button[form="act"], #reasons button[form="act"]');
      if (!button || button.disabled || event.ctrlKey || event.metaKey) return;
      if (button.closest("dialog") || button.dataset.leaves !== undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const pane = button.closest("#pane");
      const row = button.closest("#rows > tr") || (pane && desk.answer.rowOf(pane.dataset.of)) || null;
      const name = button.dataset.command || "";
      if (name === "snooze" && row) desk.snooze.open(row);
      else if (["lead", "unlink", "split"].includes(name)) desk.regroup.ask(row, name);
      else if (name === "decline" && row) desk.reasons.offer((reason = row), desk.act.byButton(button, row));
      else desk.act.byButton(button, row);
    },
    true,
  );

  desk.triage = { commands, digit, remember, controlOf, refuse };
})();
