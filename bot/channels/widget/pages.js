// What do the demo pages do beyond showing text? They ask the widget, and write the tag that a site pastes.
(() => {
  "use strict";
  const widget = document.querySelector("clinic-faq");
  const here = document.querySelector(`nav [data-for="${document.body.dataset.page}"]`);
  here?.setAttribute("aria-current", "page");

  for (const button of document.querySelectorAll("[data-open]")) button.addEventListener("click", () => widget.open?.());
  for (const button of document.querySelectorAll("[data-ask]")) button.addEventListener("click", () => widget.ask?.(button.dataset.ask));

  const snippet = document.getElementById("snippet");
  if (!snippet) return;
  const [accent, theme, launcher] = ["accent", "theme", "launcher"].map((id) => document.getElementById(id));
  const original = snippet.textContent.replaceAll("https://YOUR-SERVER", new URL(".", location.href).href.replace(/\/$/, ""));
  const quote = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

  const set = (name, value) => (value ? widget.setAttribute(name, value) : widget.removeAttribute(name));
  const update = () => {
    const own = launcher.value.trim() && launcher.value !== launcher.defaultValue;
    const chosen = {
      accent: accent.value === accent.defaultValue ? "" : accent.value,
      theme: theme.value,
      texts: own ? JSON.stringify({ launcher: launcher.value.trim() }) : "",
    };
    for (const [name, value] of Object.entries(chosen)) if ((widget.getAttribute(name) ?? "") !== value) set(name, value);
    const attributes = Object.entries(chosen).filter(([, value]) => value).map(([name, value]) => ` ${name}="${quote(value)}"`);
    snippet.textContent = original.replace("<clinic-faq>", `<clinic-faq${attributes.join("")}>`);
  };

  for (const [name, colour] of [["Teal", "#0f6a66"], ["Sea", "#1f5f99"], ["Plum", "#7a3b6d"], ["Clay", "#a2482f"], ["Moss", "#4c6630"], ["Ink", "#2b3440"]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", name);
    button.style.setProperty("background-color", colour);
    button.addEventListener("click", () => { accent.value = colour; update(); });
    document.getElementById("swatches").append(button);
  }
  document.getElementById("choices").addEventListener("input", update);
  document.getElementById("choices").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("copy").addEventListener("click", async () => {
    const done = await navigator.clipboard?.writeText(snippet.textContent).then(() => true, () => false);
    document.getElementById("copied").textContent = done ? "Copied." : "Select the text above and copy it.";
  });
  update();
})();
