// node validate.js SCHEMA_FOLDER < jobs.json > results.json
// jobs: [{ name, schema, file | text }]; results: [{ name, errors: [] }]. Needs `npm ci` beside it.
"use strict";
const fs = require("fs");
const path = require("path");
const Ajv2020 = require("ajv/dist/2020");

const folder = process.argv[2];
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: false });
const validators = {};
for (const file of fs.readdirSync(folder).sort()) {
  const schema = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
  validators[file.replace(".schema.json", "")] = ajv.compile(schema);
}

const jobs = JSON.parse(fs.readFileSync(0, "utf8"));
const results = jobs.map((job) => {
  const text = job.file ? fs.readFileSync(job.file, "utf8") : job.text;
  const validate = validators[job.schema];
  const good = validate(JSON.parse(text));
  return { name: job.name, errors: good ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message}`) };
});
process.stdout.write(JSON.stringify(results));
