// The line between the page and the helpline: say, hear, and tell what was shown.

const FIRST_PAUSE = 1000; // milliseconds
const LONGEST_PAUSE = 8000;

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A number that is nobody's: no Indian mobile begins with 5, and nothing leaves this demo. */
export function newAddress(channel) {
  const digits = String(crypto.getRandomValues(new Uint32Array(1))[0] % 10_000_000).padStart(7, "0");
  return channel === "sms" ? `sms:+91555${digits}` : `telegram:-555${digits}`;
}

/** Send one message; the same id may go again. What it took is given back: {encoding, segments}. */
export async function say(message) {
  const response = await post("/try/messages", message);
  return response.json();
}

/** Tell the helpline that a message was shown. */
export async function tellShown(id) {
  await post("/try/shown", { id });
}

/** Listen for what comes to these addresses until `signal` says stop; a broken line is tried again. */
export async function listen(addresses, signal, { came, broke, mended }) {
  let after = 0;
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    const query = new URLSearchParams([...addresses.map((address) => ["address", address]), ["after", after]]);
    try {
      const response = await fetch(`/try/messages?${query}`, { signal });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const items = await response.json();
      mended();
      pause = FIRST_PAUSE;
      for (const item of items) {
        after = item.n;
        came(item);
      }
    } catch (failure) {
      if (signal.aborted) return;
      broke(failure);
      await new Promise((resume) => setTimeout(resume, pause));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }
}

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response;
}
