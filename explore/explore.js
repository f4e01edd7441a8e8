// SQL on a release, in the reader's own browser. Nothing is loaded before the reader asks for it.
import { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";

const SHOWN_ROWS = 200;
// What starts a formula (`ingestion/formulas.py`), but for numbers.
const FORMULA = /^[=+\-@\t\r](?![\d.]+(?:e[+-]?\d+)?$)./is;
const byId = id => document.getElementById(id);
const [release, question, sql, run, said, answer, file] =
  ["release", "question", "sql", "run", "said", "answer", "file"].map(byId);
const synthetic = byId("synthetic");
let connected = {}; // the release that is open, and its connection

async function start() {
  const [releases, questions] = await Promise.all([asked("/releases"), asked("/explore/questions.json")]);
  const wanted = new URLSearchParams(location.search).get("release");
  const chosen = releases.find(each => each.release_id === wanted) ?? releases.find(each => each.is_current);
  release.append(...releases.map(each => new Option(each.release_id, each.release_id, false, each === chosen)));
  release.addEventListener("change", warn);
  question.append(...questions.map((each, place) => new Option(each.title, place)));
  question.addEventListener("change", () => { sql.value = questions[question.value].sql; });
  sql.value = questions[0].sql;
  await warn();
  run.addEventListener("click", show);
  if (typeof WebAssembly !== "object") {
    throw new Error("This browser cannot run the query engine: it has no WebAssembly. The files of the release have the same tables.");
  }
  run.disabled = false;
  say("Ready. The first question loads the query engine (8 MB) and the release.");
}

async function asked(address) {
  const found = await fetch(address);
  if (!found.ok) throw new Error(`${address} could not be loaded (${found.status}).`);
  return found.json();
}

// Say whether the chosen release has invented figures.
async function warn() {
  const facts = await asked(`/releases/${release.value}/release.json`);
  synthetic.hidden = facts.is_synthetic_share === 0;
}

async function show() {
  run.disabled = true;
  file.hidden = true;
  answer.replaceChildren();
  try {
    const connection = await opened(release.value);
    say("Asking …");
    const began = performance.now();
    const bytes = await asCsv(connection, sql.value);
    const found = records(new TextDecoder().decode(bytes));
    const [head, ...rows] = found;
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    offer(found.flat().some(text => FORMULA.test(text)) ? withoutFormulas(found) : bytes);
    answer.replaceChildren(table(head, rows.slice(0, SHOWN_ROWS)));
    const rest = rows.length > SHOWN_ROWS ? `; the first ${SHOWN_ROWS} are shown, the file has all` : "";
    say(`${rows.length} rows in ${seconds} s${rest}.`);
  } catch (problem) {
    say(problem.message);
  } finally {
    run.disabled = false;
  }
}

// Return a connection to a release: its database is fetched whole, because it is asked from memory.
async function opened(releaseId) {
  if (connected.release === releaseId) return connected.connection;
  await connected.database?.terminate();
  connected = {};
  say("Loading the query engine …");
  const database = new AsyncDuckDB(new VoidLogger(), new Worker("/explore/built/worker.js"));
  await database.instantiate(new URL("/explore/built/engine.wasm", location.href).href);
  say("Loading the release …");
  const found = await fetch(`/releases/${releaseId}/warehouse.duckdb`);
  if (!found.ok) throw new Error(`Release ${releaseId} could not be loaded (${found.status}).`);
  await database.registerFileBuffer("release.duckdb", new Uint8Array(await found.arrayBuffer()));
  const connection = await database.connect();
  // Nothing is fetched from elsewhere: the page's policy would refuse it, and the reader would wait.
  await connection.query("set autoinstall_known_extensions = false");
  await connection.query("attach 'release.duckdb' as release (read_only)");
  await connection.query("use release");
  connected = { release: releaseId, database, connection };
  return connection;
}

async function asCsv(connection, text) {
  const query = text.trim().replace(/;$/, "");
  await connection.query(`copy (\n${query}\n) to 'answer.csv' (header true)`);
  try {
    return await connected.database.copyFileToBuffer("answer.csv");
  } finally {
    await connected.database.dropFile("answer.csv");
  }
}

// Return the records of a CSV text as DuckDB writes it.
function records(text) {
  const found = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    found.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\n") found.push([]);
    if (end === "") break;
  }
  found.pop(); // after the last line end
  return found;
}

// Return records as CSV in which a spreadsheet program finds no formula.
function withoutFormulas(found) {
  const cell = text => {
    const safe = FORMULA.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return found.map(record => record.map(cell).join(",") + "\n").join("");
}

function table(head, rows) {
  const made = document.createElement("table");
  made.createCaption().textContent = "Answer";
  const heads = made.createTHead().insertRow();
  heads.append(...head.map(name => Object.assign(document.createElement("th"), { textContent: name, scope: "col" })));
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) line.insertCell().textContent = value;
  }
  return made;
}

function offer(bytes) {
  URL.revokeObjectURL(file.href);
  file.href = URL.createObjectURL(new Blob([bytes], { type: "text/csv" }));
  file.hidden = false;
}

function say(words) {
  said.textContent = words;
}

start().catch(problem => say(problem.message));
