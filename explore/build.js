// Put what the page loads on request into `built/`: the page's program with DuckDB's client, its worker, its engine.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const engine = "node_modules/@duckdb/duckdb-wasm/dist";

await rm("built", { recursive: true, force: true });
await mkdir("building", { recursive: true });
await build({
  entryPoints: ["explore.js"],
  outfile: "building/explore.js",
  bundle: true,
  format: "esm",
  minify: true,
  legalComments: "eof",
});
await copyFile(`${engine}/duckdb-browser-eh.worker.js`, "building/worker.js");
// The engine is served as it lies here: a quarter of its 34 MB.
await writeFile("building/engine.wasm.gz", gzipSync(await readFile(`${engine}/duckdb-eh.wasm`), { level: 9 }));
await rename("building", "built");
