// Dialogs give the focus back to where it was, or to what took its place.
"use strict";

(() => {
  const { desk } = window;
  const origins = new WeakMap();

  const open = (id) => {
    const dialog = typeof id === "string" ? document.getElementById(id) : id;
    if (!dialog || dialog.open) return false;
    origins.set(dialog, document.activeElement);
    dialog.showModal();
    return true;
  };

  document.addEventListener(
    "close",
    (event) => {
      const origin = origins.get(event.target);
      if (!origin) return;
      origins.delete(event.target);
      if (document.activeElement && document.activeElement !== document.body && !event.target.contains(document.activeElement)) return;
      if (origin.isConnected && origin !== document.body) origin.focus({ preventScroll: true });
      else if (desk.cursor && desk.cursor.current()) desk.cursor.to(desk.cursor.current());
    },
    true,
  );

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) open(opener.dataset.openDialog);
    if (event.target.matches("dialog[open]")) event.target.close(); // the backdrop
  });

  desk.dialogs = { open };
})();
