import { parentPort, workerData } from "node:worker_threads";
import { explore } from "./explore.ts";

try {
  parentPort?.postMessage({ explored: await explore(workerData) });
} catch (error) {
  parentPort?.postMessage({ violation: (error as Error).message });
}
