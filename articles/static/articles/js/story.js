// The story page, and the dialog of the list: forms in place. Escape leaves one, Ctrl+Enter saves it, a chooser narrows as one types.
"use strict";

(() => {
  const formOf = (target) => target.closest("[data-field-form]");

  const choices = (filter) => [...document.querySelectorAll(`${filter.dataset.filter} .choice`)];

  const narrow = (filter) => {
    const wanted = filter.value.trim().toLocaleLowerCase();
    for (const choice of choices(filter)) choice.hidden = !choice.textContent.toLocaleLowerCase().includes(wanted);
  };

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-filter]")) narrow(event.target);
  });

  document.addEventListener("keydown", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    if (event.key === "Escape") {
      event.preventDefault();
      form.querySelector("[data-cancel]").click();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Enter" && event.target.matches("[data-filter]") && event.target.value) {
      event.preventDefault();
      const first = choices(event.target).find((choice) => !choice.hidden);
      if (first) first.querySelector("input").click();
      event.target.value = "";
      narrow(event.target);
    }
  });
})();
