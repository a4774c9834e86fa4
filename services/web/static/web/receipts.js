// The page that checks a receipt. All it needs came with the page; what it asks the
// server for afterwards (how the log grew) is checked like everything else.
import * as tlog from "./tlog.js";

const LONGEST_FILE = 1_000_000; // bytes; a receipt has a few thousand
const { words, ...data } = JSON.parse(document.getElementById("receipt-data").textContent);
const growths = new Map(Object.entries(data.growths));
const encoder = new TextEncoder();
const find = (selector) => document.querySelector(selector);

let held = data.receipt ? inHand("", encoder.encode(data.receipt)) : null;
let printed = paperIn(location.hash.slice(1));

// --- words

const filled = (text, facts) =>
  text.replace(/\{(\w+)\}/g, (hole, name) => (name in facts ? String(facts[name]) : hole));

function why({ code, facts }) {
  const line = facts.line ? filled(words.parts.line, facts) : "";
  const said = { ...facts, what: words.parts[facts.what], names: facts.names?.join(", ") };
  return line + filled(words.refusals[code], said);
}

const SHANGHAI = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai",
  dateStyle: "short",
  timeStyle: "medium",
});
const moment = (time) => SHANGHAI.format(time);

// --- what is shown

function say(step, state, text) {
  const line = find(`[data-step="${step}"]`);
  line.className = state;
  line.querySelector("span").textContent = text;
}

function conclude(state, text) {
  const lamp = find("#verdict");
  lamp.hidden = false;
  lamp.className = `lamp lamp-${state}`;
  lamp.textContent = text;
}

function begin() {
  find("[data-shown]").hidden = false;
  for (const line of document.querySelectorAll("[data-step]")) {
    say(line.dataset.step, "soft", words.gaps.waiting);
  }
  find('[data-step="paper"]').hidden = !printed;
  find("#source").textContent = held.name ? filled(words.notes.file, held) : "";
  remark("");
  find("#raw").textContent = "";
  for (const fact of document.querySelectorAll("[data-fact]")) fact.textContent = "—";
}

function membersOf(bytes) {
  try {
    const members = JSON.parse(tlog.toText(bytes));
    return members !== null && typeof members === "object" ? members : {};
  } catch {
    return {};
  }
}

/** Show what a record says, in words where it is one of ours. */
function show(bytes) {
  const members = membersOf(bytes);
  const department = data.departments[String(members.office).split("-")[0]];
  const time = Date.parse(members.at);
  const facts = {
    case: members.case,
    type: words.events[members.type] ?? members.type,
    at: Number.isNaN(time) ? members.at : moment(time),
    outcome: [words.outcomes[members.outcome] ?? members.outcome, members.code],
    office: [department, members.office],
    purpose: members.purpose,
    basis: members.basis,
  };
  for (const [name, text] of Object.entries(facts)) {
    find(`[data-fact="${name}"]`).textContent = [text].flat().filter(Boolean).join(" ") || "—";
  }
  find("#raw").textContent = new TextDecoder().decode(bytes);
  if (!("v" in members)) remark(words.notes.outside);
  else if (data.receipt && members.case !== ownCase()) {
    remark(filled(words.notes["other-case"], members));
  }
}

const ownCase = () => membersOf(tlog.parseProof(data.receipt).extra).case;

function remark(text) {
  find("#note").hidden = !text;
  find("#note").textContent = text;
}

// --- the check

async function check() {
  if (!held) return conclude("warn", words.verdicts["no-file"]);
  begin();
  const abilities = await tlog.abilities();
  if (!abilities.hashes) return conclude("warn", words.verdicts.insecure);
  if (!find("#key").value.trim()) return conclude("warn", words.verdicts["no-key"]);
  const gaps = [];
  const steps = stepsOf(abilities, gaps);
  for (const [step, run] of steps) {
    try {
      await run();
    } catch (refused) {
      if (!(refused instanceof tlog.Refused)) throw refused;
      say(step, "bad", why(refused));
      remark(words.notes.unproven);
      return conclude("bad", filled(words.verdicts.bad, { why: why(refused) }));
    }
  }
  if (gaps.length) return conclude("warn", filled(words.verdicts.part, { why: gaps[0] }));
  conclude("good", words.verdicts.good);
}

function stepsOf(abilities, gaps) {
  let receipt;
  let head;
  let keys;
  const done = (step, facts) => say(step, "good", filled(words.holds[step], facts));
  const gap = (step) => {
    say(step, "warn", words.gaps[step]);
    gaps.push(words.gaps[step]);
  };
  const continues = async (step, old, oldRoot) => {
    const today = await growthSince(old, keys, abilities);
    if (!today) return gap(step);
    await tlog.verifyConsistency({ old, oldRoot, ...today });
    done(step, { old, size: today.size });
  };
  const steps = {
    async read() {
      if (held.n > LONGEST_FILE) throw new tlog.Refused("too-large", held);
      receipt = tlog.parseProof(tlog.toText(held.bytes));
      if (!receipt.extra.length) throw new tlog.Refused("no-entry");
      show(receipt.extra);
      done("read", held);
    },
    async signature() {
      const own = [find("#key").value, ...data.witnesses].map(tlog.parseKey);
      keys = await Promise.all(own);
      head = await opened(receipt.checkpoint, keys, abilities);
      if (head.signed) done("signature", head);
      else gap("signature");
    },
    async inclusion() {
      const leaf = await tlog.leafHash(receipt.extra);
      const way = await tlog.verifyInclusion({ ...head, ...receipt, leaf });
      done("inclusion", { index: receipt.index, n: way.length });
    },
    growth: () => continues("growth", head.size, head.root),
    witness() {
      const seen = (head.signed ?? []).filter(({ seconds }) => seconds !== null);
      const said = ({ name, seconds }) =>
        filled(words.holds.witness, { name, at: moment(seconds * 1000) });
      if (seen.length) say("witness", "good", seen.map(said).join(" "));
      else say("witness", "soft", words.gaps.witness);
    },
    paper: () => printed && continues("paper", printed.size, printed.root()),
  };
  return Object.entries(steps);
}

/** Return a checkpoint; `signed` is missing where this browser cannot check that. */
const opened = (text, keys, abilities) =>
  abilities.signatures
    ? tlog.verifyCheckpoint(text, keys)
    : tlog.parseCheckpoint(tlog.parseNote(text).text);

/** Return today's checkpoint and the proof that it continues `old` entries, or null. */
async function growthSince(old, keys, abilities) {
  const known = growths.get(String(old)) ?? (await asked(old));
  if (!known?.checkpoint) return null;
  growths.set(String(old), known);
  const today = await opened(known.checkpoint, keys, abilities);
  const hashes = known.hashes.map((text) => tlog.fromBase64(text, { what: "hash" }));
  return { size: today.size, root: today.root, hashes };
}

async function asked(old) {
  try {
    const answer = await fetch(data.growthAddress.replace(/0$/, old));
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // no network: said where it matters
  }
}

// --- what people do

/** Return what a paper's code says behind its #: size and root of the tree. */
function paperIn(text) {
  const [, size, root] = /^(\d{1,15})-(.+)$/.exec(text.trim()) ?? [];
  if (!size) return null;
  return {
    size: Number(size),
    root() {
      const bytes = tlog.fromBase64(root, { what: "root" });
      if (bytes.length !== 32) throw new tlog.Refused("paper-form");
      return bytes;
    },
  };
}

function inHand(name, bytes, n = bytes.length) {
  return { name, bytes, n };
}

async function take(file) {
  if (!file) return;
  const content = await file.slice(0, LONGEST_FILE).arrayBuffer();
  held = inHand(file.name, new Uint8Array(content), file.size);
  await check();
}

function onSubmit(form, act) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
}

find("#again").addEventListener("click", check);
find("#file").addEventListener("change", (event) => take(event.target.files[0]));
onSubmit(find("#key-form"), check);
onSubmit(find("#paper-form"), () => {
  const [size, root] = [find("#paper-size").value.trim(), find("#paper-root").value.trim()];
  printed = paperIn(`${size}-${root}`) ?? { size: 0, root: refusePaper };
  return check();
});

function refusePaper() {
  throw new tlog.Refused("paper-form");
}

// A file may be dropped anywhere: the browser would leave the page for it otherwise.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  take(event.dataTransfer.files[0]);
});

for (const control of document.querySelectorAll("[data-checks]")) control.disabled = false;
if (held) await check();
