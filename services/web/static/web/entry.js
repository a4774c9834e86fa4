// The entry page: computes every hash of the way up again, and checks the signature.
import * as tlog from "./tlog.js";

const { leaf, proof, said, refusals, parts } = JSON.parse(
  document.getElementById("entry-data").textContent,
);
const find = (selector) => document.querySelector(selector);
const filled = (text, facts) =>
  text.replace(/\{(\w+)\}/g, (hole, name) => (name in facts ? String(facts[name]) : hole));

function conclude(state, text) {
  const lamp = find("#verdict");
  lamp.className = `lamp lamp-${state} mt-2`;
  lamp.textContent = text;
}

function why({ code, facts }) {
  return filled(refusals[code], { ...facts, what: parts[facts.what], names: facts.names?.join(", ") });
}

/** Return the checkpoint; unsigned where this browser cannot check that. */
async function opened(text, signatures) {
  if (!signatures) return tlog.parseCheckpoint(tlog.parseNote(text).text);
  return tlog.verifyCheckpoint(text, [await tlog.parseKey(find("#key").value)]);
}

async function check() {
  const { hashes, signatures } = await tlog.abilities();
  if (!hashes) return conclude("warn", said.insecure);
  for (const mark of document.querySelectorAll("[data-above]")) mark.textContent = "";
  try {
    const stated = tlog.parseProof(proof);
    const head = await opened(stated.checkpoint, signatures);
    const own = await tlog.leafHash(new TextEncoder().encode(leaf));
    const steps = await tlog.verifyInclusion({ ...head, ...stated, leaf: own });
    for (const [at, { hash }] of [{ hash: own }, ...steps].entries()) {
      const mark = find(`[data-above="${at}"]`);
      if (mark.dataset.hash === tlog.toHex(hash)) mark.textContent = "✓";
    }
    find("#steps").open = true;
  } catch (refused) {
    if (!(refused instanceof tlog.Refused)) throw refused;
    return conclude("bad", filled(said.bad, { why: why(refused) }));
  }
  conclude(signatures ? "good" : "warn", signatures ? said.good : said.unsigned);
}

find("#check").addEventListener("submit", (event) => {
  event.preventDefault();
  check();
});
find("#check button").disabled = false;
