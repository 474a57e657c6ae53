// The next page joins the list before the cursor reaches the end of this one; without JavaScript the pager leads there.
"use strict";

(() => {
  const { desk } = window;
  const NEAR = 12;
  let loading = null;

  const link = () => document.querySelector('.list-foot a[rel="next"]');

  const join = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const table = document.getElementById("rows");
    for (const row of page.querySelectorAll("#rows > tr")) {
      if (row.id && document.getElementById(row.id)) continue;
      row.classList.remove("current");
      row.removeAttribute("aria-current");
      table.append(row);
      htmx.process(row);
    }
    const foot = page.querySelector(".list-foot");
    foot.querySelector('a[rel="prev"]')?.remove();
    document.querySelector(".list-foot").replaceWith(foot);
    desk.selection.count();
  };

  const load = async (address) => {
    try {
      const response = await fetch(address);
      if (response.ok && !response.redirected) join(await response.text());
    } finally {
      loading = null;
    }
  };

  const near = (row) => {
    const next = link();
    const all = desk.cursor.leads();
    const at = all.indexOf(row);
    if (!loading && next && at !== -1 && at >= all.length - NEAR) loading = load(next.href).catch(() => {});
  };

  desk.more = { near, isLoading: () => Boolean(loading) };
})();
