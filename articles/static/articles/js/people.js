// The people page: copy a one-time link with one click.
"use strict";

(() => {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.querySelector(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.querySelector("span").textContent = "Copied";
    } catch {
      // Without TLS browsers refuse the clipboard: the link is selected, Ctrl+C copies it.
      field.focus();
    }
  });
})();
