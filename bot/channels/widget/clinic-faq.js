/*! clinic-faq 0.1.0 | MIT */
// How does a visitor ask without leaving the page? With this custom element: launcher, panel, conversation.
// Laws: what a person or a server sends becomes text nodes, never markup. A body is checked whole before anything changes;
// what does not fit is a failed send, and the visitor's words stay. Nothing is stored. Focus moves only when the visitor acts. Every message stands in exactly one live region. The contact line needs neither script nor server.
(() => {
  "use strict";
  if (customElements.get("clinic-faq")) return;

  // What a page names takes the place of what a node has: <img name="currentScript"> is document.currentScript, and <input
  // name="childNodes"> the childNodes of its form. What the prototype has cannot be taken.
  const real = (node, name, ...given) => {
    const found = Reflect.get(node === document ? Document.prototype : HTMLElement.prototype, name, node);
    return typeof found === "function" ? found.apply(node, given) : found;
  };

  const script = real(document, "currentScript");
  const src = script instanceof HTMLScriptElement && script.src;
  const home = new URL(src ? "." : "/", src || location.href).href;

  // All that the widget says of itself. Replace any of it: <clinic-faq texts='{"send": "Envoyer"}'>, or element.texts.
  const TEXTS = {
    launcher: "Ask a question",
    title: "Questions and answers",
    close: "Close",
    notice: "This is a program, not a clinician. Please do not type personal details such as your name or date of birth.",
    greeting: "Ask in your own words. You will get an answer that a person wrote, or a plain “there is none”.",
    starters: "People often ask",
    next: "You could ask next",
    browse: "Browse the questions",
    back: "Back to the conversation",
    label: "Your question",
    send: "Send",
    log: "Conversation",
    you: "You asked:",
    bot: "Answer:",
    urgent: "Urgent",
    crisis: "Please read this",
    clinician: "Please ask a person",
    handoff: "Talk to the clinic",
    source: "From",
    newTab: "(opens in a new tab)",
    wait: "Looking for the answer …",
    offline: "The answer did not arrive. Your text is kept.",
    retry: "Try again",
    contact: "", // the server puts in the text "help-offline" of answers/safety.md
  };

  const LIGHT = `
    --bg: #fff; --soft: #f4f7f7; --ink: #1d2b2e; --quiet: #52646a; --line: #d5dfe0; --edge: #74868a;
    --warn: #a3231c; --warn-bg: #fdf3f1; --warn-line: #e9c4bf; --care: #4a3f9f; --care-bg: #f4f3fc; --care-line: #cdc9ea;
    --link: var(--accent); --mine: color-mix(in srgb, var(--accent) 10%, var(--bg));
    --shadow: 0 .75em 2.5em rgb(16 42 46 / .18), 0 .1em .4em rgb(16 42 46 / .12);`;
  const DARK = `
    --bg: #151c1e; --soft: #1d2628; --ink: #e7eeee; --quiet: #a9b9bb; --line: #334043; --edge: #82969a;
    --warn: #ffb3a8; --warn-bg: #33191a; --warn-line: #75403d; --care: #c9c3ff; --care-bg: #23213a; --care-line: #524c86;
    --link: #7fd1c7; --mine: color-mix(in srgb, var(--accent) 34%, var(--bg));
    --shadow: 0 .75em 2.5em rgb(0 0 0 / .6), 0 0 0 1px var(--line);`;
  // Any accent stays readable where the browser can take a colour apart: the text on it and the links are derived from it.
  const DERIVED_LIGHT = "--link: oklch(from var(--accent) min(l, .47) c h);";
  const DERIVED_DARK = "--link: oklch(from var(--accent) max(l, .8) min(c, .11) h);";

  const CSS_TEXT = `
    :host {
      all: initial; --accent: var(--clinic-faq-accent, #0f6a66); --on: var(--clinic-faq-on-accent, #fff);
      --radius: var(--clinic-faq-radius, 1em); ${LIGHT}
      color-scheme: light; display: block;
    }
    .all {
      color: var(--ink); font: 400 max(1rem, 16px)/1.5 var(--clinic-faq-font, ui-sans-serif, system-ui, -apple-system,
        "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif); text-align: start;
    }
    :host([hidden]) { display: none; }
    :host([theme="dark"]) { color-scheme: dark; ${DARK} }
    @media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { color-scheme: dark; ${DARK} } }
    @supports (color: oklch(from red l c h)) {
      :host { --on: var(--clinic-faq-on-accent, oklch(from var(--accent) calc((.64 - l) * 1000) 0 0)); ${DERIVED_LIGHT} }
      :host([theme="dark"]) { ${DERIVED_DARK} }
      @media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { ${DERIVED_DARK} } }
    }
    @media (prefers-contrast: more) { :host { --line: var(--edge); --quiet: var(--ink); } }
    *, ::before { box-sizing: border-box; }
    [hidden] { display: none !important; }
    h2, h3, p, ul, dl, dd { margin: 0; padding: 0; font: inherit; }
    button, textarea { font: inherit; color: inherit; letter-spacing: inherit; word-spacing: inherit; margin: 0; }
    button { cursor: pointer; }
    a { color: var(--link); text-underline-offset: .18em; }
    :focus-visible { outline: .19em solid var(--link); outline-offset: .15em; }
    svg { width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75;
      stroke-linecap: round; stroke-linejoin: round; }
    .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap; }

    .launcher {
      position: fixed; z-index: var(--clinic-faq-z, 2147483000); inset-block-end: var(--clinic-faq-offset-block, 1.25em);
      inset-inline-end: var(--clinic-faq-offset-inline, 1.25em); display: flex; align-items: center; gap: .6em;
      min-block-size: 3.25em; padding: .5em 1.3em .5em 1.1em; border: 1px solid transparent; border-radius: 2em;
      background: var(--accent); color: var(--on); font-weight: 600; box-shadow: var(--shadow);
    }
    .launcher:focus-visible { outline-color: var(--ink); box-shadow: 0 0 0 .15em var(--bg); }
    .launcher[aria-expanded="true"] { padding: 0; inline-size: 3.25em; justify-content: center; }
    .launcher[aria-expanded="true"] .words { display: none; }
    .i-down, .launcher[aria-expanded="true"] .i-talk { display: none; }
    .launcher[aria-expanded="true"] .i-down { display: block; }
    .launcher.aside { visibility: hidden; }

    .panel {
      position: fixed; z-index: var(--clinic-faq-z, 2147483000);
      inset-block-end: calc(var(--clinic-faq-offset-block, 1.25em) + 4em);
      inset-inline-end: var(--clinic-faq-offset-inline, 1.25em);
      inline-size: min(var(--clinic-faq-width, 25.5em), 100vw - 2.5em);
      block-size: min(var(--clinic-faq-height, 41em), 100vh - 6.5em);
      block-size: min(var(--clinic-faq-height, 41em), 100dvh - 6.5em);
      display: flex; flex-direction: column; border: 1px solid var(--line); border-radius: var(--radius);
      background: var(--bg); box-shadow: var(--shadow); overflow: auto; overscroll-behavior: contain;
    }
    .panel:focus { outline: none; }
    .header { display: flex; align-items: center; gap: .75em; padding: .8em .6em .8em 1.15em; border-block-end: 1px solid var(--line); background: var(--soft); }
    .title { flex: 1; font-weight: 650; font-size: 1.0625em; line-height: 1.3; letter-spacing: -.005em; overflow-wrap: anywhere; }
    .icon { display: grid; place-items: center; inline-size: 2.75em; block-size: 2.75em; flex: none; padding: 0;
      border: 1px solid transparent; border-radius: 50%; background: none; color: var(--quiet); }
    .icon:hover { background: var(--line); color: var(--ink); }
    .scroller { flex: 1 1 8em; min-block-size: 8em; overflow: auto; overscroll-behavior: contain; padding: 1.1em 1.15em .4em;
      position: relative; scrollbar-width: thin; }
    .scroller:focus-visible { outline-offset: -.25em; }
    .notice { color: var(--quiet); font-size: .8125em; line-height: 1.45; padding-block-end: 1em; }
    .greeting { padding-block-end: 1em; text-wrap: pretty; }

    .message { margin-block-end: 1.15em; overflow-wrap: anywhere; }
    .question { margin-inline-start: auto; inline-size: fit-content; max-inline-size: 86%; padding: .55em .95em;
      border: 1px solid transparent; border-radius: 1.1em; border-end-end-radius: .3em; background: var(--mine);
      white-space: pre-wrap; }
    .body > * + *, .body li + li { margin-block-start: .6em; }
    .body ul, .body ol { padding-inline-start: 1.25em; margin-block-end: 0; }
    .body li::marker { color: var(--quiet); }
    .body { text-wrap: pretty; }
    .body .answer { font-weight: 650; line-height: 1.35; }
    .body .answer:not(:first-child) { margin-block-start: 1.2em; }
    .source { margin-block-start: .6em; color: var(--quiet); font-size: .8125em; line-height: 1.45; }
    .source a { color: inherit; padding-block: .35em; }
    .worry { padding-inline-start: .8em; border-inline-start: .2em solid var(--line); color: var(--quiet); font-size: .875em; }
    .reach { margin-block-start: .75em; color: var(--quiet); font-size: .8125em; line-height: 1.45; }
    .reach a { color: inherit; padding-block: .35em; }
    .card { padding: .9em 1.05em 1em; border: 1px solid var(--line); border-inline-start: .3em solid var(--edge);
      border-radius: .7em; background: var(--soft); }
    .card h3 { display: flex; align-items: center; gap: .5em; margin-block-end: .4em; font-weight: 650; }
    .urgent .card { border-color: var(--warn-line); border-inline-start-color: var(--warn); background: var(--warn-bg); }
    .crisis .card { border-color: var(--care-line); border-inline-start-color: var(--care); background: var(--care-bg); }
    .urgent .card h3 { color: var(--warn); }
    .crisis .card h3 { color: var(--care); }
    .urgent .card a, .crisis .card a { color: inherit; }
    .card a { font-weight: 600; padding-block: .3em; }

    .label { display: block; margin-block: .9em .45em; color: var(--quiet); font-size: .8125em; font-weight: 600; }
    .options { list-style: none; display: grid; gap: .45em; }
    .body + .options { margin-block-start: .8em; }
    .option { display: flex; align-items: center; gap: .7em; inline-size: 100%; min-block-size: 2.75em; padding: .45em .9em;
      border: 1px solid var(--line); border-radius: .8em; background: var(--bg); color: var(--link); text-align: start;
      line-height: 1.35; font-weight: 500; overflow-wrap: anywhere; }
    .option::before { content: ""; inline-size: .42em; block-size: .42em; flex: none; order: 1; margin-inline-start: auto;
      border: solid currentColor; border-width: 1.5px 1.5px 0 0; rotate: 45deg; }
    :host(:dir(rtl)) .option::before { rotate: -135deg; }
    .option:hover { border-color: currentColor; background: var(--soft); }
    .section { border-block-end: 1px solid var(--line); }
    .section summary { display: flex; gap: .75em; align-items: center; min-block-size: 2.75em; padding: .65em .1em; cursor: pointer;
      font-weight: 600; line-height: 1.35; list-style: none; }
    .section summary::-webkit-details-marker { display: none; }
    .section summary::before { content: ""; inline-size: .45em; block-size: .45em; flex: none; order: 1;
      margin-inline: auto .35em; border: solid var(--quiet); border-width: 0 1.5px 1.5px 0; rotate: 45deg; }
    .section[open] summary::before { rotate: 225deg; }
    .section .options { padding-block: .2em 1em; }

    .foot { padding: .35em 1.15em .45em; border-block-start: 1px solid var(--line); }
    .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .75em; }
    .status { flex: 1 1 12em; color: var(--quiet); font-size: .875em; line-height: 1.4; }
    .status:not(:empty) { padding-block: .35em; }
    .status.bad { color: var(--warn); font-weight: 600; }
    .small { min-block-size: 3.4em; padding: .3em 0; border: 1px solid transparent; border-radius: .6em; background: none; color: var(--link); text-align: start;
      font-size: .8125em; font-weight: 600; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .25em; }
    .form { display: flex; align-items: flex-end; gap: .55em; }
    .field { flex: 1; min-inline-size: 0; }
    .top { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 1em; }
    .top label { font-size: .8125em; font-weight: 600; color: var(--quiet); }
    .input { display: block; inline-size: 100%; min-block-size: 2.95em; max-block-size: 7.5em; padding: .65em .85em; resize: none;
      field-sizing: content; border: 1px solid var(--edge); border-radius: .8em; background: var(--bg); line-height: 1.5; }
    .input:focus-visible { outline-offset: -1px; border-color: transparent; }
    .send { display: grid; place-items: center; inline-size: 2.95em; block-size: 2.95em; flex: none; padding: 0; border: 1px solid transparent;
      border-radius: .8em; background: var(--accent); color: var(--on); }
    .send:focus-visible { outline-color: var(--ink); }
    .send[aria-disabled="true"] { opacity: .6; cursor: default; }
    :host(:dir(rtl)) .send svg { scale: -1 1; }
    .contact { margin-block-start: .75em; padding-block-end: .4em; font-size: .8125em; line-height: 1.45; color: var(--quiet); overflow-wrap: anywhere; }
    .contact a { padding-block: .35em; font-weight: 600; }

    @media (max-width: 30em), (max-height: 30em) {
      .panel { inset: 0; inline-size: auto; block-size: auto; border: 0; border-radius: 0; box-shadow: none; }
      .launcher[aria-expanded="true"] { visibility: hidden; }
    }
    @media (max-height: 30em) {
      .scroller { flex: none; overflow: visible; min-block-size: 0; }
      .starters { display: none; }
      .header { position: sticky; inset-block-start: 0; z-index: 1; padding-block: .1em; background: var(--bg); }
    }
    @media (forced-colors: active) {
      .launcher, .panel, .icon, .send, .question, .card { border-color: currentColor; }
      .urgent .card { border-width: 3px; }
      .option::before, .section summary::before { border-color: currentColor; }
      .send[aria-disabled="true"] { opacity: 1; color: GrayText; }
    }
    @media (prefers-reduced-motion: no-preference) {
      .panel { animation: rise .18s ease-out; }
      .icon, .option, .launcher { transition: background-color .12s, border-color .12s, color .12s; }
      @keyframes rise { from { opacity: 0; translate: 0 .6em; } }
    }`;

  const ICONS = {
    talk: "M4 5.5h16v11H11l-4.5 3.5v-3.5H4zM8.5 9.5h7M8.5 12.7h4.5",
    down: "M6 9.5l6 6 6-6",
    close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
    send: "M5 12h13M12.5 6.5L18 12l-5.5 5.5",
    alert: "M12 3.5L2.5 20h19zM12 10v4.5M12 17.2v.1",
    care: "M12 20S4 15.2 4 9.5A4.3 4.3 0 0 1 12 7.3A4.3 4.3 0 0 1 20 9.5C20 15.2 12 20 12 20z",
    person: "M12 11.5a3.7 3.7 0 1 0 0-7.4a3.7 3.7 0 0 0 0 7.4zM4.5 20c.6-3.8 3.6-5.8 7.5-5.8s6.9 2 7.5 5.8",
  };
  const CARDS = { urgent: "alert", crisis: "care", clinician: "person", handoff: "person" };
  const TAGS = { paragraph: "p", list: "ul", ordered: "ol", item: "li", title: "h3", contact: "div", "contact-short": "div", strong: "strong", emphasis: "em", break: "br" };
  const SCHEMES = new Set(["https:", "http:", "mailto:", "tel:"]);
  const TOKENS = new Set([...Object.keys(TAGS), "text", "link", "source"]);
  const KINDS = new Set([...Object.keys(CARDS), "answer", "clarify", "fallback", "small_talk"]);
  const PATIENCE = 15000; // milliseconds until a reply counts as lost; the server needs a few
  const LARGEST = 2 ** 19; // letters of a body; a thousand questions to browse take a quarter of it
  const LONGEST = 2000; // letters of a question or a title; the server reads no longer question
  const CONTEXT = 16000; // letters of a context; the longest that the server writes has 12,000, all of them escaped
  const MANY = 1000; // members of a list
  const FEW = 20; // options and answers of one reply; the server gives at most eight
  const DEEPEST = 16; // levels of a text; a list in a list in a list takes nine

  // What outlives the element when a page swaps its body without loading anew. It lives in memory and ends with the page.
  const kept = { turns: [], context: null, draft: "", open: false, topics: null, busy: false, lost: null };
  let alone = null; // the element that was added here, because only the script was pasted
  const present = new Set(); // every <clinic-faq> in the page; only the first one is drawn

  const make = (tag, attributes, ...children) => {
    const node = real(document, "createElement", tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.filter(Boolean));
    return node;
  };

  const icon = (name) => {
    const [svg, path] = ["svg", "path"].map((tag) => real(document, "createElementNS", "http://www.w3.org/2000/svg", tag));
    for (const [key, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"], ["class", `i-${name}`]]) svg.setAttribute(key, value);
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  };

  /** A link, or its bare words where the address is not one that a clinic would write. */
  const link = (href, ...words) => {
    let url;
    try { url = new URL(href); } catch { return make("span", null, ...words); }
    if (!SCHEMES.has(url.protocol)) return make("span", null, ...words);
    const away = url.protocol.startsWith("http") ? { target: "_blank", rel: "noopener noreferrer" } : {};
    return make("a", { href: url.href, ...away }, ...words);
  };

  const render = (token) => {
    if (token.type === "text") return new Text(token.text);
    const children = (token.children ?? []).map(render);
    if (token.type === "link") return link(token.href, ...children);
    return make(TAGS[token.type] ?? "span", { class: { title: "answer", contact: "worry", "contact-short": "reach" }[token.type] }, ...children);
  };

  /** The words and links of the tag's own content, without its looks: a host page's colours do not fit this panel. */
  const plain = (node) => [...real(node, "childNodes")].flatMap((child) => {
    const [type, tag] = [real(child, "nodeType"), real(child, "nodeName")];
    if (type === Node.TEXT_NODE) return [child.data.replace(/\s+/g, " ")];
    if (type !== Node.ELEMENT_NODE || /^(script|style|template|noscript)$/i.test(tag)) return [];
    return tag === "A" && child.href ? [link(child.href, child.textContent)] : plain(child);
  });

  // What a server says is read into new values, and what does not fit is no reply: nothing unread is kept or drawn.
  const refuse = () => { throw new TypeError("the body has not the form that was agreed"); };
  const readText = (value) => (typeof value === "string" ? value : refuse());
  const readWords = (value, most = LONGEST) => (/[\p{L}\p{N}]/u.test(readText(value)) && value.length <= most ? value : refuse());
  const readList = (values, read, most = MANY) => (
    Array.isArray(values) && values.length <= most ? values.map((value) => read(value)) : refuse());
  const readToken = ({ type, text, href, ref, children }, depth = 1) => {
    if (!TOKENS.has(type) || depth > DEEPEST) refuse();
    if (type === "text") return { type, text: readText(text) };
    if (type === "break") return { type };
    return { type, ...(type === "link" && { href: readText(href) }), ...(type === "source" && { ref: readText(ref) }),
      children: readList(children, (child) => readToken(child, depth + 1)) };
  };
  const say = ({ text, children = [] }) => text ?? children.map(say).join("");
  const readTokens = (values) => {
    const children = readList(values, (value) => readToken(value));
    return readWords(say({ children }), LARGEST) && children;
  };
  const readAnswer = ({ ref, title, section, text }) => (
    { ref: readText(ref), title: readText(title), section: readText(section), text: readText(text) });
  const readContext = (value) => (
    value?.constructor === Object && JSON.stringify(value).length <= CONTEXT ? value : refuse());
  const readReply = ({ kind, text, contact, tokens, answers, options, context, unread }) => ({
    kind: KINDS.has(kind) ? kind : refuse(), text: readText(text), contact: readText(contact), tokens: readTokens(tokens),
    answers: readList(answers, readAnswer, FEW), options: readList(options, (value) => readWords(value), FEW),
    context: readContext(context), ...(unread === true && { unread }),
  });
  const readSection = ({ title, questions }) => (
    { title: readWords(title), questions: readList(questions, (question) => readWords(question.title)) });
  const readTopics = ({ lang, help, starters, sections }) => ({
    lang: readWords(lang, 35), help: readTokens([help])[0], starters: readList(starters, (value) => readWords(value), FEW),
    sections: readList(sections, readSection),
  });
  const readRefusal = ({ error }) => readWords(error.message, 300);

  const parse = async (response, read) => {
    if (!/^application\/json *(;|$)/i.test(response.headers.get("content-type"))) refuse();
    const reader = response.body.getReader();
    const decoder = new TextDecoder("utf-8", { fatal: true });
    for (let text = ""; text.length <= LARGEST;) {
      const { done, value } = await reader.read();
      if (done) return read(JSON.parse(text + decoder.decode()));
      text += decoder.decode(value, { stream: true });
    }
    return refuse();
  };

  class ClinicFaq extends HTMLElement {
    static observedAttributes = ["texts", "lang", "accent"];
    #texts = {};
    #parts = {};
    #theme = new CSSStyleSheet();

    connectedCallback() {
      present.add(this);
      this.#claim();
    }

    disconnectedCallback() {
      present.delete(this);
      real(document, "removeEventListener", "keydown", this.#onKey);
      real(document, "removeEventListener", "focusin", this.#onFocus);
      queueMicrotask(() => {
        if (this.isConnected) return;
        const body = real(document, "body");
        if (this === alone && body && !present.size) body.append(this);
        else for (const other of present) return other.#claim();
      });
    }

    attributeChangedCallback(name, _old, value) {
      if (name === "accent") {
        this.#theme.replaceSync(value && CSS.supports("color", value) ? `:host { --clinic-faq-accent: ${value}; }` : "");
      } else if (this.shadowRoot) this.#draw();
    }

    /** Replace any of the widget's own words; what is left out stays as it is. */
    get texts() { return { ...TEXTS, ...this.#fromTag(), ...this.#texts }; }
    set texts(texts) {
      for (const key of Object.keys(texts)) if (!(key in TEXTS)) console.warn(`clinic-faq: there is no text named "${key}"`);
      this.#texts = { ...texts };
      if (this.shadowRoot) this.#draw();
    }

    get server() { return new URL(this.getAttribute("server") || home, location.href).href.replace(/\/*$/, "/"); }

    open() {
      if (!this.#parts.panel || kept.open) return;
      this.#show(true);
      const { panel, input } = this.#parts;
      (matchMedia("(pointer: coarse)").matches ? panel : input).focus(); // no keyboard over the text on a phone
      this.#emit("open");
      this.#topics().catch(() => {});
    }

    close() {
      if (!kept.open) return;
      const inside = this.shadowRoot.activeElement;
      this.#show(false);
      if (inside) this.#parts.launcher.focus();
      this.#emit("close");
    }

    /** Ask as if the visitor had typed it. Resolves to the reply, or to null when none came. */
    async ask(text) {
      const question = String(text).trim();
      if (!question || kept.busy || !this.#parts.panel) return null;
      this.open();
      this.#browse(false);
      Object.assign(kept, { busy: true, lost: null });
      this.#tell();
      const [reply, error] = await this.#load("api/reply", readReply, { question, ...(kept.context && { context: kept.context }) })
        .then((found) => [found], (fault) => [null, fault]);
      kept.busy = false;
      const drawn = [...present][0] ?? this; // the page may have swapped its body in the meantime
      if (error) drawn.#fail(question, error);
      else drawn.#take(question, reply);
      return reply && structuredClone(reply);
    }

    /** Be the one widget that is drawn, if no other is. */
    #claim() {
      const first = [...present][0] === this;
      this.hidden = !first;
      if (!first) return;
      real(document, "addEventListener", "keydown", this.#onKey);
      real(document, "addEventListener", "focusin", this.#onFocus);
      this.#draw();
    }

    #fromTag() {
      try { return JSON.parse(this.getAttribute("texts") || "{}"); } catch (error) {
        console.warn(`clinic-faq: the attribute "texts" is not JSON: ${error.message}`);
        return {};
      }
    }

    #draw() {
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS_TEXT);
      root.adoptedStyleSheets = [sheet, this.#theme];
      const t = this.texts;
      const p = this.#parts = {};
      p.launcher = make("button", { type: "button", class: "launcher", part: "launcher", "aria-expanded": "false", "aria-controls": "panel",
        "aria-label": t.launcher, click: () => (kept.open ? this.close() : this.open()) },
      icon("talk"), icon("down"), make("span", { class: "words" }, t.launcher));
      p.panel = make("div", { id: "panel", class: "panel", part: "panel", role: "dialog", "aria-labelledby": "title", tabindex: "-1" },
        this.#header(t), this.#conversation(t), this.#foot(t));
      root.replaceChildren(make("div", { class: "all", role: "region", "aria-label": t.launcher, lang: this.lang || "en" }, p.launcher, p.panel));
      this.#show(kept.open);
      if (kept.topics) this.#useTopics();
      this.#tell();
    }

    #header(t) {
      return make("div", { class: "header", part: "header" },
        make("h2", { id: "title", class: "title", part: "title" }, t.title),
        make("button", { type: "button", class: "icon", part: "close", "aria-label": t.close, click: () => this.close() }, icon("close")));
    }

    #conversation(t) {
      const p = this.#parts;
      p.greeting = make("p", { class: "greeting" }, t.greeting);
      p.starters = make("div", { class: "message starters", hidden: "" });
      p.talk = make("div", { class: "talk" });
      p.list = make("div", { id: "list", hidden: "" });
      this.#newLog();
      for (const turn of kept.turns) this.#append(turn);
      return p.scroller = make("div", { class: "scroller", part: "conversation", role: "group", "aria-label": t.log, tabindex: "0" },
        make("p", { id: "notice", class: "notice", part: "notice" }, t.notice), p.list, p.greeting, p.starters, p.talk);
    }

    #foot(t) {
      const p = this.#parts;
      p.input = make("textarea", { id: "input", class: "input", part: "input", rows: "1", autocomplete: "off", "aria-describedby": "status notice",
        input: () => { kept.draft = p.input.value; }, keydown: (event) => this.#onEnter(event) });
      p.input.value = kept.draft;
      p.send = make("button", { type: "submit", class: "send", part: "send", "aria-label": t.send }, icon("send"));
      p.status = make("div", { id: "status", class: "status", part: "status", role: "status" });
      p.retry = make("button", { type: "button", class: "small", part: "retry", hidden: "", click: () => this.#again() }, t.retry);
      p.browse = make("button", { type: "button", class: "small", part: "browse", "aria-expanded": "false", "aria-controls": "list",
        click: () => this.#onBrowse() }, t.browse);
      p.contact = make("p", { class: "contact", part: "contact" }, ...this.#contact(t));
      return make("div", { class: "foot", part: "footer" },
        make("div", { class: "bar" }, p.status, p.retry),
        make("div", { class: "top" }, make("label", { for: "input" }, t.label), p.browse),
        make("form", { class: "form", part: "form", submit: (event) => { event.preventDefault(); this.ask(p.input.value); } },
          make("div", { class: "field" }, p.input), p.send),
        p.contact);
    }

    #contact(t) {
      const own = plain(this);
      if (own.join("").trim()) return own;
      return kept.topics ? [...render(kept.topics.help).childNodes] : [t.contact];
    }

    #onKey = (event) => {
      if (event.key === "Escape" && kept.open && !event.defaultPrevented && !event.isComposing) this.close();
    };

    /** Step aside while the launcher covers what the visitor has just moved to with the keyboard. */
    #onFocus = (event) => {
      const { launcher } = this.#parts;
      if (event.target === this) return launcher.classList.remove("aside");
      const [a, b] = [launcher.getBoundingClientRect(), real(event.target, "getBoundingClientRect")];
      const apart = b.right < a.left || b.left > a.right || b.bottom < a.top || b.top > a.bottom;
      launcher.classList.toggle("aside", !apart);
    };

    #onEnter(event) {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.ask(this.#parts.input.value);
    }

    #again() {
      const { input } = this.#parts;
      const { question, typed } = kept.lost;
      input.focus(); // the button is about to go; focus must not fall to the page
      this.ask((typed && input.value.trim()) || question);
    }

    #show(open) {
      kept.open = open;
      this.#parts.panel.hidden = !open;
      this.#parts.launcher.setAttribute("aria-expanded", String(open));
    }

    /** Show how the last question stands: on its way, lost, or neither. */
    #tell() {
      const { status, retry, send } = this.#parts;
      const { busy, lost } = kept;
      const t = this.texts;
      status.textContent = busy ? t.wait : lost ? lost.said ?? t.offline : "";
      status.classList.toggle("bad", !busy && Boolean(lost));
      retry.hidden = busy || !lost?.question;
      retry.textContent = t.retry + (lost?.typed === false ? `: ${lost.question.slice(0, 80)}` : "");
      if (busy) send.setAttribute("aria-disabled", "true");
      else send.removeAttribute("aria-disabled");
    }

    /** Keep what was not answered: in the field, or behind "Try again" where the field holds other words. */
    #fail(question, error) {
      const { input } = this.#parts;
      const typed = [question, ""].includes(input.value.trim());
      if (typed) kept.draft = input.value = question;
      if (error.status === 422) kept.context = null; // it would be refused again
      kept.lost = { question, typed, said: error.said };
      this.#tell();
      this.#emit("error", { message: error.message });
    }

    #take(question, reply) {
      const { input } = this.#parts;
      // What nobody came to read is to be sent again: the words stay.
      if (input.value.trim() === question && !reply.unread) kept.draft = input.value = "";
      kept.context = reply.context;
      this.#tell();
      const turn = { question, reply };
      kept.turns.push(turn);
      this.#reveal(this.#append(turn));
      this.#emit("answer", { kind: reply.kind, answers: reply.answers.map((answer) => answer.ref) });
    }

    /** Scroll a message to the top: in the conversation, or in the whole panel where that is what scrolls. */
    #reveal(message) {
      const { scroller, panel } = this.#parts;
      const box = getComputedStyle(scroller).overflowY === "visible" ? panel : scroller;
      const top = box === panel ? panel.firstChild.offsetHeight : 0;
      box.scrollTop += message.getBoundingClientRect().top - box.getBoundingClientRect().top - top - 12;
    }

    /** A log for what comes next, and after it the place for one urgent reply: siblings, so that nothing is read twice. */
    #newLog() {
      const p = this.#parts;
      p.log = make("div", { role: "log", "aria-label": this.texts.log, part: "log" });
      p.alert = make("div", { role: "alert" });
      p.talk.append(p.log, p.alert);
    }

    #append({ question, reply }) {
      const { log, alert, greeting, starters } = this.#parts;
      const asked = make("div", { class: "message question", part: "question", dir: "auto" },
        make("span", { class: "unseen" }, `${this.texts.you} `), question);
      const urgent = reply.kind === "urgent" || reply.kind === "crisis";
      greeting.hidden = starters.hidden = true;
      log.append(asked);
      (urgent ? alert : log).append(this.#message(reply));
      if (urgent) this.#newLog();
      return asked;
    }

    #message(reply) {
      const t = this.texts;
      const body = make("div", { class: "body", dir: "auto" },
        ...reply.tokens.map((token) => (token.type === "source" ? this.#source(t, token) : render(token))));
      const name = CARDS[reply.kind];
      const content = name
        ? make("div", { class: "card", part: "card" }, make("h3", null, icon(name), t[reply.kind]), body)
        : body;
      return make("div", { class: `message reply ${reply.kind}`, part: `reply ${reply.kind}`, lang: kept.topics?.lang },
        make("span", { class: "unseen" }, `${t.bot} `), content,
        ...this.#options(reply.options, reply.kind === "clarify" ? "" : t.next));
    }

    #source(t, { ref, children }) {
      const page = new URL(`faq#${ref.replace(".md#", "--")}`, this.server).href;
      return make("p", { class: "source", part: "source" }, `${t.source} `,
        link(page, ...children.map(render), make("span", { class: "unseen" }, ` ${t.newTab}`)));
    }

    #options(options, label) {
      if (!options.length) return [];
      const items = options.map((option) => make("li", null,
        make("button", { type: "button", class: "option", part: "option", dir: "auto", click: () => this.ask(option) }, option)));
      return [label && make("span", { class: "label" }, label), make("ul", { class: "options", part: "options", role: "list" }, ...items)];
    }

    async #onBrowse() {
      if (this.#parts.browse.getAttribute("aria-expanded") === "true") return this.#browse(false);
      try {
        await this.#topics();
        if (!kept.lost?.question) kept.lost = null;
        this.#browse(true);
      } catch (error) {
        kept.lost ??= { said: error.said };
        this.#emit("error", { message: error.message });
      }
      this.#tell();
    }

    #browse(on) {
      const { browse, list, talk, greeting, starters } = this.#parts;
      browse.setAttribute("aria-expanded", String(on));
      browse.textContent = on ? this.texts.back : this.texts.browse;
      list.hidden = !on;
      talk.hidden = on;
      greeting.hidden = on || kept.turns.length > 0;
      starters.hidden = greeting.hidden || !starters.firstChild;
      if (on) this.#reveal(list);
    }

    async #topics() {
      kept.topics ??= await this.#load("api/topics", readTopics);
      if (!this.#parts.list.firstChild) this.#useTopics();
    }

    #useTopics() {
      const { list, starters, contact } = this.#parts;
      const t = this.texts;
      const { sections } = kept.topics;
      list.replaceChildren(...sections.map(({ title, questions }) => make("details", { class: "section", part: "section" },
        make("summary", { dir: "auto" }, title), ...this.#options(questions))));
      starters.replaceChildren(...this.#options(kept.topics.starters, t.starters).filter(Boolean));
      starters.hidden = kept.turns.length > 0;
      contact.replaceChildren(...this.#contact(t));
    }

    /** Ask the server, which may not send the question on. What it says is read in bounded time and size, or not at all. */
    async #load(path, read, body) {
      const control = new AbortController();
      const timer = setTimeout(() => control.abort(), PATIENCE);
      try {
        const response = await fetch(this.server + path, {
          ...(body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
          credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer", signal: control.signal,
        });
        const { status } = response;
        if (status === 200) return await parse(response, read).catch(refuse); // in words that repeat nothing of the body
        throw Object.assign(new Error(`the server answered ${status}`), { status, said: await parse(response, readRefusal).catch(() => {}) });
      } finally {
        clearTimeout(timer);
        control.abort();
      }
    }

    #emit(name, detail) {
      this.dispatchEvent(new CustomEvent(`clinic-faq-${name}`, { bubbles: true, composed: true, detail }));
    }
  }

  customElements.define("clinic-faq", ClinicFaq);

  // Only the script was pasted: add the element, and keep it when the page swaps its body.
  const settle = () => {
    if (!real(document, "querySelector", "clinic-faq")) real(document, "body").append(alone = new ClinicFaq());
  };
  if (real(document, "readyState") === "loading") real(document, "addEventListener", "DOMContentLoaded", settle);
  else settle();
})();
