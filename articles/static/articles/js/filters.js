// Filters apply when a box is ticked or a field is left; on the phone, by the button.
"use strict";

(() => {
  const find = (selector) => document.querySelector(selector);
  const narrow = window.matchMedia("(max-width: 47.5rem)");
  let scrolled = 0;

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || form.id !== "filters-form") return;
    if (!narrow.matches || event.target.id === "sort") form.requestSubmit();
  });

  // Empty fields and the usual order stay out of the address.
  document.addEventListener("formdata", (event) => {
    if (event.target.id !== "filters-form") return;
    for (const [name, value] of [...event.formData]) {
      if (value === "" || (name === "sort" && value === find("#sort").options[0].value)) event.formData.delete(name);
    }
  });

  // A new list takes the place of the old one: the filters stay where they were scrolled to, the focus where it was.
  let focused = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.target || event.detail.target.id !== "triage") return;
    scrolled = find("#filters").scrollTop;
    const active = document.activeElement;
    focused = active && active.form && active.name ? `#filters-form [name="${active.name}"][value="${CSS.escape(active.value)}"]` : "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (scrolled && find("#filters")) find("#filters").scrollTop = scrolled;
    const again = focused && document.activeElement === document.body && find(focused);
    if (again) again.focus({ preventScroll: true });
    scrolled = 0;
    focused = "";
    window.desk.selection.count();
  });
})();
