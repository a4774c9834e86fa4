// Checks proofs of the verification log. It asks nobody: no request, no page, no trust.
//
// RFC 6962 hashes; C2SP signed-note, tlog-checkpoint, tlog-cosignature and tlog-proof.
// WebCrypto computes SHA-256 and Ed25519. What does not hold is thrown as `Refused`: its
// code and facts say what exactly; the page that asked has the words.

const PROOF = "c2sp.org/tlog-proof@v1";
const HASH_BYTES = 32;
const ID_BYTES = 4;
const TIME_BYTES = 8;
const ED25519 = 1;
const COSIGNATURE = 4;
const MOST_SIGNATURES = 64;
const NUMBER = /^(0|[1-9]\d{0,15})$/;
const KEY = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/;
const SIGNATURE = /^\u2014 ([^\s+]+) (\S+)$/;

const encoder = new TextEncoder();

/** Something does not hold. `code` names the rule, `facts` what was found. */
export class Refused extends Error {
  constructor(code, facts = {}) {
    super(`${code} ${JSON.stringify(facts)}`);
    this.code = code;
    this.facts = facts;
  }
}

// --- bytes and texts

export const toHex = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

export const same = (one, other) =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

/** Return the bytes of a canonical base 64 text; `where` says what and which line it is. */
export function fromBase64(text, where) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    throw new Refused("base64", where);
  }
  if (btoa(binary) !== text) throw new Refused("base64", where);
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

/** Return the text of bytes, as it was written: no mark removed, no byte replaced. */
export function toText(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused("no-text");
  }
  if (text.includes("\r")) throw new Refused("line-ends");
  return text;
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function hashOf(text, where) {
  const bytes = fromBase64(text, where);
  if (bytes.length !== HASH_BYTES) {
    throw new Refused("hash-length", { ...where, n: bytes.length });
  }
  return bytes;
}

function wholeNumber(text, code) {
  const number = NUMBER.test(text ?? "") ? Number(text) : NaN;
  if (!Number.isSafeInteger(number)) throw new Refused(code);
  return number;
}

// --- hashes (RFC 6962 §2.1)

async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

export const leafHash = (bytes) => sha256([0], bytes);

export const nodeHash = (left, right) => sha256([1], left, right);

// --- proofs (RFC 9162 §2.1.3.2 and §2.1.4.2)

const half = (number) => Math.floor(number / 2); // shifts would cut at 32 bits
const odd = (number) => number % 2 === 1;

/** Yield each sibling on the way up from a place, and whether it stands on the left. */
function* climb(place, last, siblings) {
  for (const sibling of siblings) {
    if (last === 0) throw new Refused("proof-long");
    const left = odd(place) || place === last;
    yield { sibling, left };
    while (left && place && !odd(place)) [place, last] = [half(place), half(last)];
    [place, last] = [half(place), half(last)];
  }
  if (last) throw new Refused("proof-short");
}

/** Return the way from a leaf to the root: each sibling, its side, and the hash above. */
export async function pathOf({ leaf, index, size, hashes }) {
  if (!(index >= 0 && index < size)) throw new Refused("no-leaf", { index, size });
  const steps = [];
  let hash = leaf;
  for (const { sibling, left } of climb(index, size - 1, hashes)) {
    hash = await (left ? nodeHash(sibling, hash) : nodeHash(hash, sibling));
    steps.push({ sibling, left, hash });
  }
  return steps;
}

/** Check that a leaf (its hash) stands at an index of a tree; return the way up. */
export async function verifyInclusion({ leaf, index, size, root, hashes }) {
  const steps = await pathOf({ leaf, index, size, hashes });
  const found = steps.at(-1)?.hash ?? leaf;
  if (!same(found, root)) throw new Refused("other-root", { index, size });
  return steps;
}

/** Check that a tree is the beginning of a later one. */
export async function verifyConsistency({ old, oldRoot, size, root, hashes }) {
  if (old > size) throw new Refused("shrunk", { old, size });
  if (old === 0 || old === size) {
    if (hashes.length) throw new Refused("proof-long");
    const wanted = old ? root : await sha256();
    if (!same(wanted, oldRoot)) throw new Refused("rewritten", { old, size });
    return;
  }
  let [place, last] = [old - 1, size - 1];
  while (odd(place)) [place, last] = [half(place), half(last)];
  // The root of a full old tree is itself a node of the new one, and left out.
  const nodes = place === 0 ? [oldRoot, ...hashes] : [...hashes];
  if (!nodes.length) throw new Refused("proof-short");
  let first = nodes.shift();
  let second = first;
  for (const { sibling, left } of climb(place, last, nodes)) {
    if (left) first = await nodeHash(sibling, first);
    second = await (left ? nodeHash(sibling, second) : nodeHash(second, sibling));
  }
  if (!same(first, oldRoot) || !same(second, root)) {
    throw new Refused("rewritten", { old, size });
  }
}

// --- signed notes

/** Tell whether this browser can compute at all, and check Ed25519 signatures. */
export async function abilities() {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return { hashes: false, signatures: false };
  try {
    await subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  } catch {
    return { hashes: true, signatures: false };
  }
  return { hashes: true, signatures: true };
}

/** Return what a verifier key NAME+ID+KEY holds, once it fits its id. */
export async function parseKey(text) {
  const [, name, id, encoded] = KEY.exec(text.trim()) ?? [];
  if (!name) throw new Refused("key-form");
  const material = fromBase64(encoded, { what: "key" });
  const kind = material[0];
  if (![ED25519, COSIGNATURE].includes(kind) || material.length !== HASH_BYTES + 1) {
    throw new Refused("key-form");
  }
  const computed = await sha256(encoder.encode(`${name}\n`), material);
  if (toHex(computed.slice(0, ID_BYTES)) !== id) throw new Refused("key-id", { name });
  return { name, id, kind, public: material.slice(1) };
}

/** Return a note's text and signatures, unchecked. */
export function parseNote(text) {
  const cut = text.lastIndexOf("\n\n");
  if (cut < 0 || !text.endsWith("\n") || /[\0-\x09\x0b-\x1f]/.test(text)) {
    throw new Refused("note-form");
  }
  const lines = text.slice(cut + 2, -1).split("\n");
  if (lines.length > MOST_SIGNATURES) throw new Refused("note-form");
  const signatures = lines.map((line) => {
    const [, name, encoded] = SIGNATURE.exec(line) ?? [];
    const value = name ? fromBase64(encoded, { what: "signature" }) : [];
    if (value.length <= ID_BYTES) throw new Refused("note-form");
    return { name, id: toHex(value.slice(0, ID_BYTES)), value: value.slice(ID_BYTES) };
  });
  return { text: text.slice(0, cut + 1), signatures };
}

/**
 * Return a note's text and who of the known keys signed it; `seconds` since 1970 are
 * there where a witness said when it saw it.
 */
export async function verifyNote(text, keys) {
  const note = parseNote(text);
  const signed = [];
  for (const signature of note.signatures) {
    const key = keys.find(({ name, id }) => name === signature.name && id === signature.id);
    if (key) signed.push(await signedBy(key, signature, note.text));
  }
  if (!signed.length) {
    throw new Refused("unknown-key", { names: note.signatures.map(({ name }) => name) });
  }
  return { text: note.text, signed };
}

async function signedBy(key, { value }, text) {
  const { name, kind } = key;
  const timed = kind === COSIGNATURE;
  if (timed && value.length <= TIME_BYTES) throw new Refused("note-form");
  const seconds = timed
    ? Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0))
    : null;
  const message = timed ? `cosignature/v1\ntime ${seconds}\n${text}` : text;
  const algorithm = { name: "Ed25519" };
  const ours = await crypto.subtle.importKey("raw", key.public, algorithm, false, ["verify"]);
  const holds = await crypto.subtle.verify(
    algorithm,
    ours,
    timed ? value.slice(TIME_BYTES) : value,
    encoder.encode(message),
  );
  if (!holds) throw new Refused("signature", { name });
  return { name, kind, seconds };
}

// --- checkpoints and receipts

/** Return the origin, size and root of a checkpoint's text. */
export function parseCheckpoint(text) {
  const lines = text.slice(0, -1).split("\n");
  if (lines.length < 3 || lines.includes("")) throw new Refused("checkpoint-form");
  const size = wholeNumber(lines[1], "checkpoint-form");
  return { origin: lines[0], size, root: hashOf(lines[2], { what: "root" }) };
}

/** Return a checkpoint that its own log signed, and who else; keys[0] is the log's. */
export async function verifyCheckpoint(note, keys) {
  const { text, signed } = await verifyNote(note, keys);
  const head = parseCheckpoint(text);
  const [{ name }] = keys;
  if (head.origin !== name) throw new Refused("other-log", { origin: head.origin, name });
  if (!signed.some((one) => one.name === name && one.kind === ED25519)) {
    throw new Refused("unknown-key", { names: signed.map((one) => one.name) });
  }
  return { ...head, signed };
}

/** Return what a .tlog-proof states, unchecked; `extra` holds our entry's bytes. */
export function parseProof(text) {
  const cut = text.indexOf("\n\n");
  const lines = (cut < 0 ? text : text.slice(0, cut)).split("\n");
  if (lines.shift() !== PROOF) throw new Refused("proof-form");
  if (cut < 0) throw new Refused("proof-cut");
  const held = lines[0]?.startsWith("extra ") ? lines.shift().slice("extra ".length) : "";
  const [, index] = /^index (.*)$/.exec(lines.shift() ?? "") ?? [];
  const above = held ? 4 : 3; // the line on which the first hash stands
  return {
    index: wholeNumber(index, "proof-index"),
    hashes: lines.map((line, at) => hashOf(line, { what: "hash", line: above + at })),
    checkpoint: text.slice(cut + 2),
    extra: fromBase64(held, { what: "entry", line: 2 }),
  };
}
