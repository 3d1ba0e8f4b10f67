// Bundles entry.js into one script for HTML reports: node build.mjs OUT
import { build } from "esbuild";

const out = process.argv[2];
const result = await build({
  entryPoints: [new URL("entry.js", import.meta.url).pathname], bundle: true, minify: true, format: "iife",
  target: "es2020", charset: "utf8", legalComments: "none", outfile: out, write: false,
  absWorkingDir: new URL(".", import.meta.url).pathname, define: { "process.env.NODE_ENV": '"production"' },
});
const { writeFileSync } = await import("node:fs");
const notice = "/* Apache ECharts 6.1 (Apache-2.0), zrender (BSD-3-Clause), tslib (0BSD): see NOTICE beside pagu's report files */\n";
// A script element ends at "</script" and turns strange at "<!--", wherever they stand.
const text = (notice + result.outputFiles[0].text).replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--")
  .replaceAll("\r", "");
writeFileSync(out, text);
