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

  // The quiz: each question is checked on its own, in words, and can be tried again. Every kind of question knows how to
  // tell whether something was answered, how to judge it and how to begin again; what is common stands below them.
  const mark = (node, kind, text) => {
    node.classList.add(kind);
    node.append(make("span", "mark", `${kind === "right" ? "✓" : "✗"} ${text}`));
  };
  const unmark = (node) => {
    node.classList.remove("right", "wrong");
    all(".mark", node).forEach((one) => one.remove());
  };

  const choice = (item) => {
    const key = new Set(item.dataset.key.split(", "));
    const options = all(".option", item);
    const boxes = options.map((option) => option.querySelector("input"));
    return {
      ask: "choose_first",
      empty: () => !boxes.some((box) => box.checked),
      judge: () => {
        const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
        const found = chosen.filter((letter) => key.has(letter)).length;
        const extra = chosen.length - found;
        options.forEach((option, place) => {
          const box = boxes[place];
          box.disabled = true;
          if (key.has(box.value)) mark(option, "right", say(box.checked ? "mark_right" : "mark_missed"));
          else if (box.checked) mark(option, "wrong", say("mark_wrong"));
        });
        const partly = found && key.size > 1 ? say("partly", { found, total: key.size, extra }) : "";
        return { right: found === key.size && !extra, partly };
      },
      reset: () => {
        boxes.forEach((box) => { box.disabled = box.checked = false; });
        options.forEach(unmark);
        boxes[0].focus();
      },
    };
  };

  // Words are compared without case, outer marks and articles, code as it is; a number by its value.
  const bare = (text, exact) => {
    const plain = text.normalize("NFKC").trim().replace(/\s+/g, " ").replace(/^[`"“”‘’«»]+|[`"“”‘’«».。,，;；]+$/g, "");
    return exact ? plain : plain.toLowerCase().replace(/^(?:an?|the) /, "").replace(/[-‐–]/g, " ").replace(/\s*([㐀-鿿])\s*/g, "$1");
  };
  const value = (text) => {
    let plain = text.normalize("NFKC").replace(/−/g, "-").replace(/(\d)[\s'](?=\d{3})/g, "$1");
    plain = /^\D*\d+,\d{1,2}(?!\d)/.test(plain) ? plain.replace(",", ".") : plain.replace(/(\d),(?=\d{3})/g, "$1");
    const found = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/i.exec(plain);
    return found ? Number(found[0]) : NaN;
  };
  const typed = (item) => {
    const accepted = JSON.parse(item.dataset.accepted);
    const near = Number(item.dataset.tolerance);
    const gaps = all(".gap", item);
    const fields = gaps.map((gap) => gap.querySelector("input"));
    const fits = (text, answers) => answers.some(([answer, exact]) => (item.dataset.kind === "numeric"
      ? Math.abs(value(text) - value(answer)) <= near + 1e-9 * Math.abs(value(answer))
      : bare(text, exact) === bare(answer, exact)));
    return {
      ask: "type_first",
      empty: () => fields.every((field) => !field.value.trim()),
      judge: () => {
        const found = fields.map((field, place) => fits(field.value, accepted[place]));
        fields.forEach((field, place) => {
          field.readOnly = true;
          mark(gaps[place], found[place] ? "right" : "wrong", say(found[place] ? "right" : "wrong"));
        });
        const count = found.filter(Boolean).length;
        const partly = count && count < found.length ? say("gaps_right", { found: count, total: found.length }) : "";
        return { right: count === found.length, partly };
      },
      reset: () => {
        fields.forEach((field) => { field.readOnly = false; field.value = ""; });
        gaps.forEach(unmark);
        fields[0].focus();
      },
    };
  };

  const steps = (item) => {
    const key = item.dataset.key.split(", ");
    const list = item.querySelector(".steps");
    const first = all("li", list);
    const told = item.querySelector(".moved");
    const words_of = (step) => step.querySelector(".words").textContent.trim();
    const paint = () => all("li", list).forEach((step, place, every) => {
      step.querySelector(".up").disabled = place === 0;
      step.querySelector(".down").disabled = place === every.length - 1;
    });
    const move = (step, down) => {
      const other = down ? step.nextElementSibling : step.previousElementSibling;
      if (!other) return;
      if (down) other.after(step); else other.before(step);
      paint();
      const button = step.querySelector(down ? ".down" : ".up");
      (button.disabled ? step.querySelector(down ? ".up" : ".down") : button).focus();
      told.textContent = say("moved", { step: words_of(step), place: all("li", list).indexOf(step) + 1, total: first.length });
    };
    first.forEach((step) => {
      const box = make("span", "move");
      [["up", "↑", false], ["down", "↓", true]].forEach(([name, sign, down]) => {
        const button = make("button", name, sign);
        button.type = "button";
        button.setAttribute("aria-label", say(`move_${name}`, { step: words_of(step) }));
        button.addEventListener("click", () => move(step, down));
        box.append(button);
      });
      step.append(box);
    });
    list.classList.add("movable");
    paint();
    return {
      ask: "choose_first",
      empty: () => false,
      judge: () => {
        const now = all("li", list);
        const found = now.filter((step, place) => step.dataset.letter === key[place]);
        now.forEach((step) => {
          all("button", step).forEach((button) => { button.disabled = true; });
          mark(step, found.includes(step) ? "right" : "wrong", say(found.includes(step) ? "mark_place" : "mark_moved"));
        });
        told.textContent = "";
        const right = found.length === now.length;
        return { right, partly: right ? "" : say("steps_right", { found: found.length, total: now.length }) };
      },
      reset: () => {
        first.forEach((step) => { unmark(step); list.append(step); });
        all("button", list).forEach((button) => { button.disabled = false; });
        paint();
        list.querySelector("button:not(:disabled)").focus();
      },
    };
  };

  const items = all(".item");
  const right = new Set();
  items.forEach((item) => {
    const number = item.dataset.number;
    if (!item.dataset.key && !item.dataset.accepted) return;
    const kind = (item.dataset.accepted ? typed : item.dataset.kind === "ordering" ? steps : choice)(item);
    const verdict = item.querySelector(".verdict");
    const answer = item.querySelector(".answer");
    const explanation = answer.querySelector(".explanation");
    const button = make("button", "check", say("check"));
    button.type = "button";
    button.setAttribute("aria-label", say("check_label", { number }));
    answer.hidden = true;
    answer.before(explanation);
    explanation.hidden = true;
    verdict.before(button);
    let checked = false;

    const tell = (text, sort) => { verdict.className = `verdict ${sort}`; verdict.textContent = text; };
    const judge = () => {
      if (kind.empty()) { tell(say(kind.ask), ""); return; }
      const found = kind.judge();
      if (found.right) { tell(say("right"), "right"); right.add(number); }
      else tell((found.partly || say("wrong")) + words.gap + item.dataset.solution, "wrong");
      explanation.hidden = !explanation.textContent.trim();
      checked = true;
      button.textContent = say("retry");
      button.setAttribute("aria-label", say("retry_label", { number }));
      document.querySelector(".score").textContent = say("score", { right: right.size, total: items.length });
    };
    const reset = () => {
      tell("", "");
      explanation.hidden = true;
      checked = false;
      button.textContent = say("check");
      button.setAttribute("aria-label", say("check_label", { number }));
      kind.reset();
    };
    button.addEventListener("click", () => (checked ? reset() : judge()));
    item.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input") && !checked && !event.isComposing) { event.preventDefault(); judge(); }
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
