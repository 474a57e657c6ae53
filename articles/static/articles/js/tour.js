// Five keys for who is new: each is ticked once it was used; after the fifth, or when put away, it is gone for good.
"use strict";

(() => {
  const tour = () => document.getElementById("tour");

  const done = async (form) => {
    const inside = tour().contains(document.activeElement);
    tour().remove();
    if (inside) document.getElementById("main").focus();
    await fetch(form.getAttribute("action"), { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, keepalive: true });
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#tour form")) return;
    event.preventDefault();
    done(event.target);
  });

  document.addEventListener("desk:command", (event) => {
    const step = tour() && tour().querySelector(`[data-step="${event.detail.name}"]:not(.used)`);
    if (!step) return;
    step.classList.add("used");
    step.querySelector(".sr").textContent = "done:";
    if (!tour().querySelector("[data-step]:not(.used)")) done(tour().querySelector("form"));
  });
})();
