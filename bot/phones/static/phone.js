// One phone on the page: its thread, its field to write in, and what its messages took.

import { newAddress, newId } from "/try/static/line.js";

const INDIA = "Asia/Kolkata";
const KEYS = [
  ["1", ""], ["2", "abc"], ["3", "def"],
  ["4", "ghi"], ["5", "jkl"], ["6", "mno"],
  ["7", "pqrs"], ["8", "tuv"], ["9", "wxyz"],
  ["erase", "⌫"], ["0", "+"], ["send", "✓"],
];
const SPOKEN = { erase: "Erase", send: "Send" };

export class Phone {
  /** `say(message)` sends, and gives back what it took. */
  constructor(section, channel, { say, renewed }) {
    this.channel = channel;
    this.section = section;
    this.say = say;
    this.renewed = renewed;
    this.thread = section.querySelector(".thread");
    this.field = section.querySelector("textarea");
    this.spent = section.querySelector(".spent");
    this.keys = section.querySelector(".keys");
    this.price = section.querySelector("#sms-price");
    this.price?.addEventListener("input", () => this.#reckon());
    section.querySelector("form").addEventListener("submit", (event) => this.#submit(event));
    section.querySelector(".fresh").addEventListener("click", () => this.renew());
    this.field.addEventListener("keydown", (event) => this.#enter(event));
    if (this.keys) this.#addKeys();
    this.renew();
  }

  /** Begin again as somebody Sathi has never heard from. */
  renew() {
    this.address = newAddress(this.channel);
    this.counts = new Map();
    this.section.querySelector(".number").textContent = this.address.replace(/^\w+:/, "");
    this.thread.replaceChildren(hint(this.channel === "sms" ? "No messages yet" : "Write to begin"));
    this.#showSpent();
    this.renewed();
  }

  /** Send words as if they had been typed here. */
  async write(text, pressedIn = null) {
    const message = { id: newId(), channel: this.channel, from: this.address, text };
    if (pressedIn !== null) message.pressed_in = pressedIn;
    const bubble = this.#add("hers", text);
    await this.#send(message, bubble);
  }

  /** Show what came, and say whether it is a message that was not shown before. */
  show(item) {
    const known = this.thread.querySelector(`[data-id="${CSS.escape(item.id)}"]`);
    if (item.kind === "removed") {
      known?.remove();
      return false;
    }
    if (known) return false;
    const bubble = this.#add("ours", item.text);
    bubble.dataset.id = item.id;
    this.#measure(bubble, "ours", item);
    this.#addButtons(bubble, item);
    this.#toEnd();
    return true;
  }

  async #send(message, bubble) {
    bubble.classList.add("going");
    try {
      const took = await this.say(message);
      if (message.from === this.address) this.#measure(bubble, "hers", took);
    } catch {
      this.#offerAgain(message, bubble);
    } finally {
      bubble.classList.remove("going");
    }
  }

  #offerAgain(message, bubble) {
    const again = element("button", "again", "Not sent. Try again");
    again.type = "button";
    again.addEventListener("click", () => {
      again.remove();
      this.#send(message, bubble);
    });
    bubble.append(again);
  }

  #add(whose, text) {
    this.thread.querySelector(".hint")?.remove();
    this.thread.querySelectorAll(".buttons button").forEach((button) => (button.disabled = true));
    const bubble = element("div", `bubble ${whose}`);
    bubble.append(element("span", "unseen", whose === "hers" ? "You:" : "Sathi:"));
    const words = element("p", "words", text);
    words.dir = "auto";
    const lang = scriptOf(text);
    if (lang) words.lang = lang;
    bubble.append(words);
    this.thread.append(bubble);
    this.#toEnd();
    return bubble;
  }

  #measure(bubble, whose, took) {
    if (this.channel !== "sms") return;
    const day = new Intl.DateTimeFormat("en-CA", { timeZone: INDIA }).format(new Date());
    const counted = this.counts.get(day) ?? { ours: 0, hers: 0 };
    counted[whose] += took.segments;
    this.counts.set(day, counted);
    const told = element("p", "took");
    Object.assign(told.dataset, { encoding: took.encoding, segments: took.segments, whose });
    bubble.append(told);
    this.#reckon(counted);
    this.#toEnd();
  }

  /** What each SMS of the thread takes and costs, and all of today's together. */
  #reckon(counted = [...this.counts.values()].at(-1)) {
    for (const told of this.thread.querySelectorAll(".took")) {
      const { encoding, segments, whose } = told.dataset;
      const words = [encoding, parts(Number(segments)), whose === "ours" && this.#cost(Number(segments))];
      told.textContent = words.filter(Boolean).join(" · ");
    }
    this.#showSpent(counted);
  }

  #showSpent(counted = { ours: 0, hers: 0 }) {
    if (this.channel !== "sms") return;
    const total = [parts(counted.ours), this.#cost(counted.ours)].filter(Boolean).join(", ");
    this.spent.textContent = `Today Sathi sent ${total}. She sent ${parts(counted.hers)}.`;
  }

  #cost(segments) {
    const price = Number(this.price.value);
    if (!price) return "";
    return new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR" }).format(segments * price);
  }

  #addButtons(bubble, item) {
    if (this.channel !== "telegram" || item.buttons.length === 0) return;
    const row = element("div", "buttons");
    for (const [key, label] of item.buttons) {
      const button = element("button", "", label);
      button.type = "button";
      button.dir = "auto";
      const lang = scriptOf(label);
      if (lang) button.lang = lang;
      button.addEventListener("click", () => {
        this.write(key, item.turn);
        this.thread.focus({ preventScroll: true });
      });
      row.append(button);
    }
    bubble.append(row);
  }

  #addKeys() {
    for (const [key, below] of KEYS) {
      const button = element("button", key in SPOKEN ? `key ${key}` : "key");
      button.type = "button";
      if (key in SPOKEN) {
        button.append(element("span", "face", below));
        button.setAttribute("aria-label", SPOKEN[key]);
      } else {
        button.append(element("span", "face", key), element("span", "letters", below));
        button.setAttribute("aria-label", key);
      }
      button.addEventListener("click", () => this.#press(key));
      this.keys.append(button);
    }
  }

  #press(key) {
    if (key === "send") this.section.querySelector("form").requestSubmit();
    else if (key === "erase") this.field.value = Array.from(this.field.value).slice(0, -1).join("");
    else this.field.value += key;
  }

  #enter(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.section.querySelector("form").requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return;
    this.field.value = "";
    this.write(text);
  }

  #toEnd() {
    this.thread.scrollTop = this.thread.scrollHeight;
  }
}

/** The language that the script of a text names, so that it is drawn and read aloud rightly. */
function scriptOf(text) {
  if (/\p{Script=Bengali}/u.test(text)) return "bn";
  if (/\p{Script=Devanagari}/u.test(text)) return "hi";
  return "";
}

function parts(count) {
  return count === 1 ? "1 part" : `${count} parts`;
}

function hint(text) {
  return element("p", "hint", text);
}

function element(name, classes = "", text = "") {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.textContent = text;
  return made;
}
