/* The frame of every page: theme, navigation, keyboard, clocks, dialogs, toasts, completion. */
(() => {
  "use strict";
  const root = document.documentElement;
  const body = document.body;
  const texts = body.dataset;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const remember = (name, value) => {
    document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`;
  };

  /* Theme and navigation: kept in cookies, so that the server renders them. */
  const setTheme = (theme) => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    remember("theme", theme);
    all("[data-theme-choice]").forEach((item) =>
      item.setAttribute("aria-checked", String(item.dataset.themeChoice === theme)),
    );
  };
  const foldNavigation = () => {
    const nav = root.dataset.nav === "narrow" ? "wide" : "narrow";
    root.dataset.nav = nav;
    remember("nav", nav);
  };
  const openDrawer = (open) => {
    body.classList.toggle("drawer-open", open);
    const toggle = one("[data-drawer]");
    if (toggle) toggle.setAttribute("aria-expanded", String(open));
    if (open) one(".sidenav a")?.focus();
  };

  /* Dialogs: any <dialog data-open> that arrives by htmx opens itself. */
  const openDialogs = (within) =>
    all("dialog[data-open]", within).forEach((dialog) => {
      if (dialog.open) return;
      dialog.showModal();
      one("[autofocus], input:not([type=hidden]), select, textarea", dialog)?.focus();
    });
  const closeDialog = (dialog) => dialog?.close();
  document.addEventListener("dialog-close", () => all("dialog[open]").forEach(closeDialog));
  const forget = ({ target }) => target.matches("dialog[data-open]") && target.remove();
  document.addEventListener("close", forget, true);

  /* Toasts leave by themselves, errors stay until they are closed. */
  const watchToasts = () =>
    all(".toast:not([data-watched])").forEach((toast) => {
      toast.dataset.watched = "";
      if (!toast.matches(".error, .warning")) setTimeout(() => toast.remove(), 6000);
    });
  const toast = (kind, text) => {
    const made = one("#toast-template")?.content.firstElementChild.cloneNode(true);
    if (!made) return;
    made.classList.add(kind);
    one(".toast-text", made).textContent = text;
    const drawing = one("use", made);
    const icon = kind === "success" ? "#check" : kind === "info" ? "#info" : "#alert";
    drawing.setAttribute("href", drawing.getAttribute("href").replace("#info", icon));
    one("#toasts").append(made);
    watchToasts();
  };
  const reasonOf = (request) => {
    try {
      return JSON.parse(request.responseText).detail;
    } catch {
      return null;
    }
  };
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    toast("error", reasonOf(xhr) || texts[`error${xhr.status}`] || texts.errorAny);
  });
  document.addEventListener("htmx:sendError", () => toast("error", texts.errorOffline));
  document.addEventListener("toast", ({ detail }) => toast(detail.kind || "success", detail.text));

  /* Copying says that it did. Without https a browser has no clipboard, but still an old way. */
  const copyOldWay = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    (one("dialog[open]") || body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
  const copy = async (text) => {
    const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    if (done || copyOldWay(text)) toast("success", texts.textCopied);
  };
  document.addEventListener("copy-text", ({ detail }) => copy(detail.text));

  /* Clocks count by the server's time, whatever the machine's clock says. */
  const ahead = new Date(root.dataset.now || Date.now()) - Date.now();
  const two = (number) => String(number).padStart(2, "0");
  const spell = (seconds) => {
    const days = Math.floor(seconds / 86400);
    const [hours, minutes] = [Math.floor((seconds % 86400) / 3600), Math.floor((seconds % 3600) / 60)];
    if (days) return `${days}${texts.textDay} ${two(hours)}:${two(minutes)}`;
    return `${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
  };
  const tick = () =>
    all(".clock[data-due]").forEach((clock) => {
      const left = Math.round((new Date(clock.dataset.due) - Date.now() - ahead) / 1000);
      const state = left < 0 ? "late" : left <= Number(clock.dataset.soon) ? "soon" : "ok";
      clock.classList.remove("clock-ok", "clock-soon", "clock-late");
      clock.classList.add(`clock-${state}`);
      clock.textContent = (left < 0 ? `${texts.textLate} ` : "") + spell(Math.abs(left));
    });

  /* Completion: arrows move through .options, Enter takes, Escape closes. Enter before an option
     has come (a scanner is fast) says `entered`, and never sends the form. */
  const moveOption = (box, step) => {
    const options = all("[role=option]", box);
    if (!options.length) return;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = options[(at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length];
    options.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
    next.scrollIntoView({ block: "nearest" });
    one("[role=combobox]", box)?.setAttribute("aria-activedescendant", next.id);
  };
  const closeOptions = (box) => {
    const list = one("[role=listbox]", box);
    if (list) list.replaceChildren();
    one("[role=combobox]", box)?.setAttribute("aria-expanded", "false");
  };
  const takeOption = (box, option) => {
    const input = one("[role=combobox]", box);
    const kept = one("input[type=hidden]", box);
    if (kept) kept.value = option.dataset.value;
    input.value = option.dataset.text ?? option.textContent.trim();
    closeOptions(box);
    box.dispatchEvent(new CustomEvent("taken", { bubbles: true, detail: { ...option.dataset } }));
  };
  const enter = (box, option) => {
    if (option) return takeOption(box, option);
    const detail = { text: one("[role=combobox]", box).value };
    return box.dispatchEvent(new CustomEvent("entered", { bubbles: true, detail }));
  };
  const keyInCombobox = (event, box) => {
    const chosen = one("[role=option][aria-selected=true]", box);
    if (event.key === "ArrowDown") moveOption(box, 1);
    else if (event.key === "ArrowUp") moveOption(box, -1);
    else if (event.key === "Enter") enter(box, chosen || one("[role=option]", box));
    else if (event.key === "Escape" && one("[role=option]", box)) closeOptions(box);
    else return false;
    event.preventDefault();
    return true;
  };

  /* Keyboard: / searches, g then a letter goes, ? shows all of it. */
  let going = 0;
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
  const goTo = (letter) => all("[data-key]").find((link) => link.dataset.key === letter)?.click();
  const shortcut = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (one("dialog[open]")) return;
    if (Date.now() - going < 1500) {
      going = 0;
      goTo(event.key);
    } else if (event.key === "g") going = Date.now();
    else if (event.key === "/") (one("main [data-search]") || one("#search"))?.focus();
    else if (event.key === "?") one("#shortcuts")?.showModal();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the Chinese input method
    const box = event.target.closest?.(".combobox");
    if (box && keyInCombobox(event, box)) return;
    if (event.key === "Escape") {
      openDrawer(false);
      all("details.menu[open]").forEach((menu) => (menu.open = false));
    }
    if (event.key === "Escape" && event.target.id === "search") event.target.blur();
    shortcut(event);
  });

  document.addEventListener("click", (event) => {
    const { target } = event;
    const on = (selector) => target.closest(selector);
    all("details.menu[open]").forEach((menu) => {
      if (!menu.contains(target)) menu.open = false;
    });
    all(".combobox").forEach((box) => {
      if (!box.contains(target)) closeOptions(box);
    });
    if (on("[data-theme-choice]")) setTheme(on("[data-theme-choice]").dataset.themeChoice);
    if (on("[data-drawer]")) openDrawer(!body.classList.contains("drawer-open"));
    if (on("[data-fold]")) foldNavigation();
    if (on("[data-shortcuts]")) one("#shortcuts")?.showModal();
    if (on("[data-close]")) closeDialog(on("dialog"));
    if (on(".toast-close")) on(".toast").remove();
    if (on("[role=option]") && on(".combobox")) takeOption(on(".combobox"), on("[role=option]"));
    if (on("[data-copy]")) copy(on("[data-copy]").dataset.copy);
    if (on("[data-print]")) window.print();
    if (target.matches("dialog") && !one("form", target)) closeDialog(target);
  });

  /* Upload: a drop zone is a label around a file input. */
  ["dragover", "dragleave", "drop"].forEach((kind) =>
    document.addEventListener(kind, (event) => {
      const zone = event.target.closest?.(".drop-zone");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("is-over", kind === "dragover");
      if (kind !== "drop") return;
      const input = one("input[type=file]", zone);
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }),
  );
  document.addEventListener("change", ({ target }) => {
    const names = target.closest(".drop-zone") && one("[data-files]", target.closest(".drop-zone"));
    if (names) names.textContent = [...target.files].map((file) => file.name).join("，");
    if (target.matches("[data-submit]")) target.form.requestSubmit();
  });

  /* htmx: a thin line while a page is on its way; what arrived is brought to life. */
  let busy = 0;
  const showBusy = (step) => {
    busy = Math.max(0, busy + step);
    one(".page-progress")?.classList.toggle("is-busy", busy > 0);
  };
  const quiet = ({ detail }) => detail.elt.hasAttribute("data-quiet"); // asks again by itself
  document.addEventListener("htmx:beforeRequest", (event) => quiet(event) || showBusy(1));
  document.addEventListener("htmx:afterRequest", (event) => quiet(event) || showBusy(-1));
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    openDialogs(target.parentElement || document);
    watchToasts();
    tick();
    const box = target.closest?.(".combobox");
    if (box) one("[role=combobox]", box)?.setAttribute("aria-expanded", String(!!one("[role=option]", box)));
  });

  /* A form that htmx does not send: a second click sends it no second time, and the thin line shows
     that it is on its way. What answers with a file leaves the page, so it is set free again. */
  const free = (form) => {
    if (!("sent" in form.dataset)) return;
    delete form.dataset.sent;
    all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
    showBusy(-1);
  };
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.method !== "post") return;
    if ("sent" in form.dataset) return event.preventDefault();
    form.dataset.sent = "";
    submitter?.setAttribute("aria-busy", "true");
    showBusy(1);
    setTimeout(() => free(form), 8000);
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach(free));

  /* Live: how much waits comes by server-sent events; pages that show it listen to the body. Only
     what is looked at keeps a line, since browsers give a site few; who comes back says what it
     knew last, and is told at once if that is no longer so. */
  const listen = () => {
    if (!one("#worklist-count")) return;
    const shown = one("[data-known]")?.dataset ?? { known: "", whose: "" };
    let [known, line] = [shown.known, null];
    const hear = ({ data }) => {
      const waiting = JSON.parse(data);
      all("[data-worklist-count], #worklist-count").forEach((place) => {
        place.textContent = waiting.count || "";
      });
      if (known) body.dispatchEvent(new Event("worklist-changed"));
      known = waiting.digest;
    };
    const call = () => {
      line?.close();
      if (document.hidden) return;
      line = new EventSource(`/live?${new URLSearchParams({ known, whose: shown.whose })}`);
      line.addEventListener("worklist", hear);
    };
    document.addEventListener("visibilitychange", call);
    call();
  };

  /* On a phone the tabs scroll: the open one is in sight. */
  all(".tabs > [aria-current]").forEach((tab) =>
    tab.parentElement.scrollTo(tab.offsetLeft - tab.parentElement.offsetLeft - 48, 0),
  );

  openDialogs(document);
  watchToasts();
  tick();
  setInterval(tick, 1000);
  listen();
})();
