// The demo page: two phones, one line, and the lines to tap.

import { LINES, WRITINGS } from "/try/static/examples.js";
import { listen, say, tellShown } from "/try/static/line.js";
import { Phone } from "/try/static/phone.js";

const notice = document.getElementById("notice");
const phones = [];
let listening = new AbortController();

for (const channel of ["sms", "telegram"]) {
  phones.push(new Phone(document.getElementById(channel), channel, { say, renewed: listenAnew }));
}
showWritings();
listenAnew();
addEventListener("pagehide", () => listening.abort());
addEventListener("pageshow", (event) => event.persisted && listenAnew());

function listenAnew() {
  listening.abort();
  if (phones.length < 2) return;
  listening = new AbortController();
  listen(
    phones.map((phone) => phone.address),
    listening.signal,
    { came, broke: () => tell("The line is down. It is tried again by itself."), mended: () => tell("") },
  );
}

function came(item) {
  const phone = phones.find(({ address }) => address === item.address);
  if (phone?.show(item)) {
    tellShown(item.id).catch(() => tell("The line is down. It is tried again by itself."));
  }
}

function tell(words) {
  if (notice.textContent === words) return;
  notice.textContent = words;
  notice.hidden = !words;
}

function showWritings() {
  const fieldset = document.getElementById("writing");
  for (const [index, { lang, name }] of WRITINGS.entries()) {
    const label = document.createElement("label");
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: "writing", value: lang });
    radio.checked = index === 0;
    radio.addEventListener("change", () => showLines(lang));
    const words = Object.assign(document.createElement("span"), { textContent: name, lang });
    label.append(radio, words);
    fieldset.append(label);
  }
  showLines(WRITINGS[0].lang);
}

function showLines(lang) {
  const rows = LINES.map((line) => {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.append(Object.assign(document.createElement("span"), { textContent: line[lang], lang, dir: "auto" }));
    if (line[lang] !== line.meaning) {
      button.append(Object.assign(document.createElement("small"), { textContent: line.meaning }));
    }
    button.addEventListener("click", () => tap(line[lang]));
    const row = document.createElement("li");
    row.append(button);
    return row;
  });
  document.getElementById("lines").replaceChildren(...rows);
}

function tap(text) {
  const chosen = document.querySelector('input[name="target"]:checked').value;
  const phone = phones.find(({ channel }) => channel === chosen);
  phone.section.scrollIntoView({ block: "nearest" });
  phone.write(text);
}
