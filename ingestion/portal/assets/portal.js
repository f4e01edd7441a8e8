// Drag and drop, several files, how far each is, and going on after a broken line (tus 1.0.0, ../resumable.py).
// Without this file the form sends the same files, silently and each in one go.
"use strict";

const PIECE_BYTES = 4 * 1024 * 1024;
const TUS = { "Tus-Resumable": "1.0.0" };
const WAIT_SECONDS = [1, 2, 4, 8, 15, 30, 30, 30, 30, 30];

for (const form of document.querySelectorAll("form.upload")) {
  const input = form.querySelector("input[type=file]");

  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("over-it"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    form.addEventListener(kind, () => form.classList.remove("over-it"));
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; form.requestSubmit(); }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); uploadAll(form, [...input.files]); });
}

async function uploadAll(form, files) {
  const button = form.querySelector("button");
  const lines = form.querySelector(".progress");
  lines.replaceChildren();
  lines.hidden = false;
  button.disabled = true;
  const drafts = [];
  for (const file of files) {
    const line = lines.appendChild(document.createElement("span"));
    try {
      drafts.push(await upload(form, file, (text) => { line.textContent = text; }));
    } catch (problem) {
      line.textContent = `${file.name}: ${problem.message || form.dataset.failed}`;
      line.className = "problem-note";
    }
  }
  button.disabled = false;
  const everything = `/?${new URLSearchParams(drafts.map((id) => ["uploaded", id]))}`;
  if (drafts.length === files.length) { location.assign(files.length === 1 ? `/uploads/${drafts[0]}` : everything); }
}

// Resolves to the id of the draft; rejects with a sentence when it is of no use to try again.
async function upload(form, file, say) {
  const texts = form.dataset;
  const country = form.elements.country.value;
  const headers = { ...TUS, "X-Form-Token": form.elements.token.value };
  const known = `pcm-upload ${country} ${file.name} ${file.size} ${file.lastModified}`;
  const sha256 = await digestOf(file);
  let place = localStorage.getItem(known);
  for (let failures = 0; ;) {
    try {
      let state = place && await ask("HEAD", place, headers);
      if (!state || state.status === 404) {
        state = await ask("POST", "/api/v1/resumable", {
          ...headers,
          "Upload-Length": file.size,
          "Upload-Metadata": `filename ${base64(file.name)},country ${base64(country)}`,
        });
        refuseIfNot(state, 201);
        place = state.getResponseHeader("Location");
        localStorage.setItem(known, place);
      }
      while (!state.getResponseHeader("Upload-Draft")) {
        const offset = Number(state.getResponseHeader("Upload-Offset"));
        const piece = file.slice(offset, offset + PIECE_BYTES);
        const named = { ...headers, "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" };
        state = await ask("PATCH", place, named, piece, (sent) => {
          const percent = Math.round((100 * (offset + sent)) / file.size);
          say(`${percent < 100 ? texts.sending.replace("…", file.name) : texts.checking} ${percent} %`);
        });
        if (state.status === 409) { state = await ask("HEAD", place, headers); }
        refuseIfNot(state, 200, 204);
        failures = 0;
      }
      localStorage.removeItem(known);
      if (sha256 && sha256 !== state.getResponseHeader("Upload-Sha256")) { throw new Refused(texts.failed); }
      say(`${file.name} · SHA-256 ${state.getResponseHeader("Upload-Sha256")}`);
      return state.getResponseHeader("Upload-Draft");
    } catch (problem) {
      if (problem instanceof Refused || failures >= WAIT_SECONDS.length) { throw problem; }
      say(texts.again.replace("…", file.name));
      await new Promise((resolve) => { setTimeout(resolve, 1000 * WAIT_SECONDS[failures]); });
      failures += 1;
    }
  }
}

class Refused extends Error {}

function refuseIfNot(answer, ...expected) {
  if (expected.includes(answer.status)) { return; }
  throw answer.status >= 500 ? new Error("") : new Refused("");
}

// Resolves to the request once it is answered; rejects when the line broke.
function ask(verb, place, headers, body, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(verb, place);
    for (const [name, value] of Object.entries(headers)) { request.setRequestHeader(name, value); }
    if (progress) { request.upload.addEventListener("progress", (event) => progress(event.loaded)); }
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Error("")));
    request.send(body);
  });
}

// Browsers reckon it only where the page came safely (https, or this very machine).
async function digestOf(file) {
  if (!window.crypto.subtle) { return ""; }
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
