// Builds static/build/ from static/src/ and the installed packages: stylesheets, scripts, fonts and pictures. What only some
// pages need is a file of its own, so that the first page stays light.
import { copyFileSync, mkdirSync, watch, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const source = dirname(fileURLToPath(import.meta.url));
const root = join(source, "..", "..");
const target = join(root, "static", "build");
const packages = join(root, "node_modules");
const fontFiles = ["latin", "vietnamese"].flatMap((subset) => [400, 700].map((weight) => `be-vietnam-pro-${subset}-${weight}-normal.woff2`));

function styles() {
  for (const name of ["app", "editor", "desk"]) {
    const { css } = sass.compile(join(source, `${name}.scss`), {
      loadPaths: [root],
      style: "compressed",
      quietDeps: true,
    });
    writeFileSync(join(target, `${name}.css`), css);
  }
}

async function scripts() {
  await esbuild.build({
    entryPoints: ["app", "filing", "uploads", "editor", "desk"].map((name) => join(source, `${name}.js`)),
    outdir: target,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "none",
  });
}

function files() {
  mkdirSync(join(target, "fonts"), { recursive: true });
  for (const name of fontFiles) {
    copyFileSync(join(packages, "@fontsource", "be-vietnam-pro", "files", name), join(target, "fonts", name));
  }
  for (const name of ["favicon.svg", "icons.svg"]) {
    copyFileSync(join(source, name), join(target, name));
  }
}

async function build() {
  const start = performance.now();
  files();
  const compiled = scripts();
  styles();
  await compiled;
  console.log(`static/build: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

await build();

if (process.argv.includes("--watch")) {
  let waiting;
  watch(source, { recursive: true }, (_, name) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch((error) => console.error(relative(root, name ?? ""), error.message)), 100);
  });
}
