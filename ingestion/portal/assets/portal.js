// Drag and drop, and how far an upload is. Without this file the form does the same, file by file, silently.
"use strict";

for (const form of document.querySelectorAll("form.upload")) {
  const input = form.querySelector("input[type=file]");
  const status = form.querySelector(".progress");

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

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = [...input.files];
    form.querySelector("button").disabled = true;
    status.hidden = false;
    try {
      let place = "/";
      for (const file of files) { place = await upload(form, file, status); }
      location.assign(files.length === 1 ? place : "/");
    } catch (problem) {
      status.textContent = problem.message || form.dataset.failed;
      form.querySelector("button").disabled = false;
    }
  });
}

// Resolves to the address of the answer; rejects with the portal's own sentence where it gave one.
function upload(form, file, status) {
  const body = new FormData(form);
  body.delete("file");
  body.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.round((100 * event.loaded) / event.total);
      status.textContent = percent < 100
        ? `${form.dataset.sending.replace("…", file.name)} ${percent} %`
        : `${form.dataset.checking} …`;
    });
    request.addEventListener("load", () => {
      const said = request.response && request.response.querySelector("h1, .problem-note");
      if (request.status < 400) { resolve(request.responseURL); }
      else { reject(new Error(said ? said.textContent : "")); }
    });
    request.addEventListener("error", () => reject(new Error("")));
    request.open("POST", form.action);
    request.send(body);
  });
}
