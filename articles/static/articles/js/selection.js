// Selecting: one row, a range, everything above or below, the page, all that match.
"use strict";

(() => {
  const { desk } = window;
  const SELECTED = 'input[name="story"][form="bulk"]';
  const find = (selector, root = document) => root.querySelector(selector);
  const boxes = () => [...document.querySelectorAll(SELECTED)];
  const boxOf = (row) => find(SELECTED, row);
  const picked = () => boxes().filter((box) => box.checked);
  // What was chosen at once, all that match or what stands above or below: ids and versions as they were then.
  const held = () => find('#bulk input[name="chosen"]');
  let anchor = null;

  const count = () => {
    const every = boxes();
    const chosen = every.filter((box) => box.checked).length;
    const page = find("#pick-page");
    if (page) {
      page.checked = chosen > 0 && chosen === every.length;
      page.indeterminate = chosen > 0 && chosen < every.length;
    }
    const bar = find("#bulk");
    if (!bar) return;
    const empty = chosen === 0 && !held();
    if (empty && bar.contains(document.activeElement)) desk.cursor.to(desk.cursor.current() || desk.cursor.rows()[0]);
    bar.hidden = empty;
    const offer = find("#bulk-choose");
    if (offer) offer.hidden = chosen < every.length;
    if (!held()) find("#bulk-count").textContent = `${chosen} selected`;
  };

  const select = (wanted, chosen) => {
    for (const box of chosen) box.checked = wanted;
    count();
  };

  const clear = () => {
    if (!picked().length && !held()) return false;
    held()?.remove();
    select(false, boxes());
    return true;
  };

  const toggle = (row) => {
    const box = boxOf(row);
    if (!box) return false;
    box.checked = !box.checked;
    anchor = box;
    count();
    return true;
  };

  // Shift with a move takes both ends in; going back lets the last one go.
  const extend = (by) => {
    const from = desk.cursor.current() || desk.cursor.rows()[0];
    const to = desk.cursor.step(by);
    if (!from || !to || !boxOf(from) || from === to) return false;
    const back = boxOf(to).checked;
    boxOf(from).checked = !back;
    boxOf(to).checked = true;
    anchor = boxOf(to);
    count();
    return true;
  };

  const beyond = (direction) => {
    const rows = desk.cursor.leads();
    const row = desk.cursor.current() && desk.members.leadOf(desk.cursor.current());
    const at = rows.indexOf(row);
    if (at === -1) return false;
    const chosen = direction < 0 ? rows.slice(0, at + 1) : rows.slice(at);
    select(true, chosen.map(boxOf).filter(Boolean));
    return true;
  };

  document.addEventListener("change", (event) => {
    if (event.target.id === "pick-page") select(event.target.checked, boxes());
    else if (event.target.matches(SELECTED)) {
      held()?.remove();
      count();
    }
  });

  document.addEventListener("click", (event) => {
    const clears = event.target.closest("[data-clear-selection], [data-clear-choice]");
    if (clears && clear()) event.preventDefault();
    const box = event.target.closest(SELECTED);
    if (!box) return;
    const every = boxes();
    if (event.shiftKey && anchor && every.includes(anchor)) {
      const [from, to] = [every.indexOf(anchor), every.indexOf(box)].sort((a, b) => a - b);
      select(box.checked, every.slice(from, to + 1));
    }
    anchor = box;
  });

  // Everything above or below the cursor, in the order of the list and beyond this page.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#bulk [data-choose]");
    const row = link && desk.cursor.current() && desk.members.leadOf(desk.cursor.current());
    if (!row) return;
    event.preventDefault();
    const address = new URL(link.href);
    address.searchParams.set("from", row.dataset.id);
    window.htmx.ajax("GET", address.pathname + address.search, { target: "#bulk", swap: "outerHTML", select: "#bulk" });
  });
  document.addEventListener("htmx:afterSettle", count);

  // What is done to the selected: the bar's own buttons, without leaving the list.
  document.addEventListener("submit", async (event) => {
    if (event.target.id !== "bulk" || !event.submitter || event.submitter.dataset.leaves !== undefined) return;
    event.preventDefault();
    const button = event.submitter;
    const done = await desk.act.queue({
      address: button.getAttribute("formaction") || event.target.getAttribute("action"),
      exact: true,
      data: ((data) => () => data)(new FormData(event.target, button)),
    });
    if (done) clear();
  });

  document.addEventListener("DOMContentLoaded", count);

  desk.selection = { count, clear, toggle, extend, beyond, picked, boxOf };
})();
