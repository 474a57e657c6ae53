// Every page: menus that close, messages that can be put away, words for failed requests.
"use strict";

(() => {
  const LINGER_MS = 12000;
  const FEW = 2;
  const FAILURES = {
    403: "You are not allowed to do that, or your session ended. Reload the page.",
    404: "That story is no longer there. Reload the page.",
    503: "Another save is running. Nothing was changed; try again.",
    507: "The disk is full, nothing was saved. Tell whoever looks after this desk.",
  };
  const UNREACHABLE = "The desk cannot be reached. Nothing was changed; check the connection and try again.";

  const wordsOf = (status) => FAILURES[status] || "The desk could not do that. Nothing was changed; try again.";

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  const putAway = (message) => {
    const inside = message.contains(document.activeElement);
    message.remove();
    if (!inside) return;
    if (window.desk.cursor && window.desk.cursor.current()) window.desk.cursor.to(window.desk.cursor.current());
    else document.getElementById("main").focus();
  };

  const toRow = (button) => {
    const row = document.getElementById(button.dataset.showRow);
    if (row) window.desk.cursor.to(row);
    button.closest(".message").remove();
  };

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) putAway(dismiss.closest(".message"));
    const show = event.target.closest("[data-show-row]");
    if (show) toRow(show);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  // `row`: the story that the words are about gets a button that leads to it.
  const say = (kind, text, row = null) => {
    const template = document.getElementById("message-template");
    const region = document.getElementById("messages");
    if (!template || !region) return;
    const message = template.content.firstElementChild.cloneNode(true);
    const show = message.querySelector("[data-show-row]");
    message.classList.add(kind);
    message.querySelector("p").textContent = text;
    if (row) show.dataset.showRow = row.id;
    else show.remove();
    region.append(message);
  };

  // What was decided is sent before the page is left.
  const go = async (address) => {
    if (window.desk.act) await window.desk.act.settled();
    window.location.assign(address);
  };
  window.desk = { say, go, wordsOf, UNREACHABLE };

  // A form posts the number of its press, by which the desk knows a request that a proxy sends again:
  // every press has its own (`crypto.randomUUID` is only there where the page comes by TLS).
  const press = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  document.addEventListener("formdata", ({ formData }) => {
    if (formData.has("press")) formData.set("press", press());
  });

  // Good news goes by itself, unless somebody is reading it; the last few are enough. Bad news stays.
  const letGo = (message) => {
    setTimeout(() => {
      if (message.matches(":hover, :focus-within")) letGo(message);
      else message.remove();
    }, LINGER_MS);
  };
  const keepFew = (region) => {
    const old = [...region.querySelectorAll(".message.success, .message.info")].slice(0, -FEW);
    for (const message of old) if (!message.matches(":hover, :focus-within")) message.remove();
    keepOneUndo(region);
  };
  // Undo means the last decision: it stands on the last good news alone.
  const keepOneUndo = (region) => {
    const older = [...region.querySelectorAll(".message.success")].slice(0, -1);
    for (const message of older) {
      const button = message.querySelector('[data-command="undo"]:not(:focus)');
      if (button) button.remove();
    }
  };
  const watch = (region) => {
    for (const message of region.querySelectorAll(".message.success, .message.info")) letGo(message);
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) {
          if (node.nodeType === 1 && node.matches(".message.success, .message.info")) letGo(node);
        }
      }
      keepFew(region);
    }).observe(region, { childList: true });
  };

  document.addEventListener("DOMContentLoaded", () => {
    const region = document.getElementById("messages");
    if (region) watch(region);
  });

  // The phone's search link shows the field (:target); typing should start at once.
  window.addEventListener("hashchange", () => {
    const shown = document.querySelector(".find:target input");
    if (shown) shown.focus();
  });

  document.addEventListener("htmx:responseError", (event) => say("error", wordsOf(event.detail.xhr.status)));
  document.addEventListener("htmx:sendError", () => say("error", UNREACHABLE));
})();
