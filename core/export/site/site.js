// What a page of the course can do with scripts on: passages on hover, quiz checking, progress. All works without too.
(() => {
  "use strict";
  const body = document.body;
  const words = JSON.parse(body.dataset.words);
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  body.classList.add("with-script");

  // The contents on a phone: a panel that the link in the bar opens and Escape closes.
  const menu = document.querySelector(".menu");
  const contents = document.getElementById("k-contents");
  const toggle = (open) => {
    contents.classList.toggle("open", open);
    menu.setAttribute("aria-expanded", String(open));
    menu.textContent = say(open ? "close" : "contents");
  };
  menu.setAttribute("role", "button");
  menu.setAttribute("aria-controls", "k-contents");
  menu.setAttribute("aria-expanded", "false");
  menu.addEventListener("click", (event) => {
    event.preventDefault();
    toggle(!contents.classList.contains("open"));
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); menu.click(); }
  });

  // A formula in a line that is wider than the page gets a box of its own to scroll in.
  const edge = document.querySelector("main").getBoundingClientRect().right;
  all("main p math, main li math").filter((math) => !math.closest(".scrolls") && (math.closest(".keep") || math).getBoundingClientRect().right > edge - 8)
    .forEach((math) => {
      const box = make("span", "formula scrolls");
      math.replaceWith(box);
      box.append(math);
      const kept = box.closest(".keep");
      if (kept) kept.classList.remove("keep");
    });

  // Boxes that overflow can be reached and scrolled with the keyboard.
  const reach = () => all(".scrolls").forEach((box) => {
    if (box.scrollWidth <= box.clientWidth + 1) return;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", say(box.matches("pre") ? "scroll_code" : box.matches(".table") ? "scroll_table" : "scroll_formula"));
  });
  reach();
  addEventListener("resize", reach);

  // Passages: shown beside the number on hover and focus; a first tap shows, a second one follows the link.
  const pop = make("div", "pop");
  pop.id = "k-pop";
  pop.hidden = true;
  body.append(pop);
  let shown = null;
  let timer = 0;
  let touched = false;
  const hide = () => {
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    pop.hidden = true;
  };
  const show = (link) => {
    clearTimeout(timer);
    const source = document.getElementById(link.dataset.source);
    const passage = source && source.querySelector(".passage");
    if (!passage || shown === link) return;
    hide();
    pop.replaceChildren();
    const copy = make("div", "passage");
    copy.append(...[...passage.cloneNode(true).childNodes]);
    all("[id]", copy).forEach((node) => node.removeAttribute("id"));
    pop.append(copy);
    const where = source.querySelector(".where a");
    if (where) {
      const foot = make("p", "where");
      const open = make("a", "", where.textContent);
      open.href = where.getAttribute("href");
      foot.append(open);
      pop.append(foot);
    }
    pop.hidden = false;
    const at = link.getBoundingClientRect();
    const width = pop.offsetWidth;
    const left = Math.min(Math.max(16, at.left - width / 2), document.documentElement.clientWidth - width - 16);
    const below = at.bottom + 8 + pop.offsetHeight < innerHeight || at.top < pop.offsetHeight + 64;
    pop.style.left = `${left + scrollX}px`;
    pop.style.top = `${(below ? at.bottom + 8 : at.top - pop.offsetHeight - 8) + scrollY}px`;
    shown = link;
    link.setAttribute("aria-describedby", "k-pop");
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(hide, 250); };
  all("a[data-source]").forEach((link) => {
    link.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch" && shown !== link; });
    link.addEventListener("pointerenter", (event) => { if (event.pointerType !== "touch") show(link); });
    link.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") later(); });
    link.addEventListener("focus", () => { if (!touched) show(link); });
    link.addEventListener("blur", later);
    link.addEventListener("click", (event) => {
      if (touched || link.getAttribute("href").startsWith("#")) {
        event.preventDefault();
        show(link);
      }
      touched = false;
    });
  });
  pop.addEventListener("pointerenter", () => clearTimeout(timer));
  pop.addEventListener("pointerleave", later);
  pop.addEventListener("focusin", () => clearTimeout(timer));
  pop.addEventListener("focusout", later);
  document.addEventListener("pointerdown", (event) => {
    if (shown && !pop.contains(event.target) && event.target !== shown) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hide();
    if (contents.classList.contains("open")) { toggle(false); menu.focus(); }
  });

  // A link to a source opens the closed list; a link to lines of a note marks every block they touch.
  const arrive = () => {
    const hash = decodeURIComponent(location.hash.slice(1));
    all(".cited").forEach((node) => node.classList.remove("cited"));
    const target = hash && document.getElementById(hash);
    if (!target) return;
    const closed = target.closest("details");
    if (closed) closed.open = true;
    const lines = /^L(\d+)(?:-L(\d+))?$/.exec(hash);
    if (lines) {
      const first = Number(lines[1]);
      const last = Number(lines[2] || first);
      all("[data-first]").filter((node) => Number(node.dataset.first) <= last && Number(node.dataset.last) >= first)
        .forEach((node) => node.classList.add("cited"));
    }
    if (closed || lines) target.scrollIntoView({ block: lines ? "center" : "start" });
  };
  addEventListener("hashchange", arrive);
  arrive();
  addEventListener("beforeprint", () => all("details").forEach((node) => { node.open = true; }));

  // The quiz: each question is checked on its own, in words, and can be tried again.
  const items = all(".item");
  const right = new Set();
  items.forEach((item) => {
    const number = item.dataset.number;
    const key = new Set(item.dataset.key.split(", ").filter(Boolean));
    if (!key.size) return;
    const options = all(".option", item);
    const verdict = item.querySelector(".verdict");
    const answer = item.querySelector(".answer");
    const explanation = answer.querySelector(".explanation");
    const button = make("button", "", say("check"));
    button.type = "button";
    button.setAttribute("aria-label", say("check_label", { number }));
    answer.hidden = true;
    answer.before(explanation);
    explanation.hidden = true;
    verdict.before(button);
    let checked = false;

    const tell = (text, kind) => { verdict.className = `verdict ${kind}`; verdict.textContent = text; };
    const mark = (option, kind, text) => {
      option.classList.add(kind);
      option.append(make("span", "mark", `${kind === "right" ? "✓" : "✗"} ${text}`));
    };
    const judge = () => {
      const chosen = new Set(options.map((option) => option.querySelector("input")).filter((box) => box.checked).map((box) => box.value));
      if (!chosen.size) { tell(say("choose_first"), ""); return; }
      const found = [...key].filter((letter) => chosen.has(letter)).length;
      const extra = chosen.size - found;
      const complete = found === key.size && extra === 0;
      options.forEach((option) => {
        const box = option.querySelector("input");
        box.disabled = true;
        if (key.has(box.value)) mark(option, "right", say(box.checked ? "mark_right" : "mark_missed"));
        else if (box.checked) mark(option, "wrong", say("mark_wrong"));
      });
      const solution = say(key.size > 1 ? "the_answers" : "the_answer", { key: [...key].join(words.and) });
      if (complete) { tell(say("right"), "right"); right.add(number); }
      else if (found && key.size > 1) tell(say("partly", { found, total: key.size, extra }) + words.gap + solution, "wrong");
      else tell(say("wrong") + words.gap + solution, "wrong");
      explanation.hidden = !explanation.textContent.trim();
      checked = true;
      button.textContent = say("retry");
      button.setAttribute("aria-label", say("retry_label", { number }));
      document.querySelector(".score").textContent = say("score", { right: right.size, total: items.length });
    };
    const reset = () => {
      options.forEach((option) => {
        const box = option.querySelector("input");
        box.disabled = box.checked = false;
        option.classList.remove("right", "wrong");
        all(".mark", option).forEach((node) => node.remove());
      });
      tell("", "");
      explanation.hidden = true;
      checked = false;
      button.textContent = say("check");
      button.setAttribute("aria-label", say("check_label", { number }));
      options[0].querySelector("input").focus();
    };
    button.addEventListener("click", () => (checked ? reset() : judge()));
    item.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input") && !checked) { event.preventDefault(); judge(); }
    });
  });

  // Progress stays in this browser; where it may not be kept (some open files without storage), the page does without.
  const store = `kcreate:${body.dataset.course}`;
  const read = () => {
    try { return new Set(JSON.parse(localStorage.getItem(store) || "[]")); } catch { return null; }
  };
  const write = (done) => {
    try { localStorage.setItem(store, JSON.stringify([...done])); return true; } catch { return false; }
  };
  const paint = (done) => {
    all("[data-lesson]").filter((node) => node !== body).forEach((node) => {
      all(".tick", node).forEach((tick) => tick.remove());
      if (done.has(node.dataset.lesson)) node.querySelector("a").append(make("span", "tick", ` ✓ ${say("done")}`));
    });
    const lessons = all(".lessons > li");
    const progress = document.getElementById("k-progress");
    const finished = lessons.filter((node) => done.has(node.dataset.lesson)).length;
    if (progress && finished) {
      progress.textContent = say("progress", { done: finished, total: lessons.length });
      const next = lessons.find((node) => !done.has(node.dataset.lesson));
      const start = document.getElementById("k-start");
      if (next) { start.textContent = say("continue"); start.href = next.querySelector("a").getAttribute("href"); }
    }
    const button = document.getElementById("k-done");
    if (button) {
      const pressed = done.has(body.dataset.lesson);
      button.hidden = false;
      button.setAttribute("aria-pressed", String(pressed));
      button.textContent = pressed ? `✓ ${say("marked_done")}` : say("mark_done");
    }
  };
  const done = read();
  if (done) {
    paint(done);
    const button = document.getElementById("k-done");
    if (button) button.addEventListener("click", () => {
      const id = body.dataset.lesson;
      if (done.has(id)) done.delete(id); else done.add(id);
      if (write(done)) paint(done); else button.hidden = true;
    });
  }
})();
