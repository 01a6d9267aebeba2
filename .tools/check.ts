// `npm run check`: format, lint and types. Exit code 1 when something is to be put right.
import { dirname } from "node:path";
import { checkAll } from "./check/run.ts";

process.exitCode = (await checkAll(dirname(import.meta.dirname))) ? 0 : 1;
