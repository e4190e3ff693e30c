import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Lets every process that this one starts keep compiled code beside the packages: Node.js knows each file by its content,
 * so what is kept is never stale, and a fresh clone begins with nothing.
 */
export function keepCompiledCode(): void {
  process.env.NODE_COMPILE_CACHE ??= path.join(
    fileURLToPath(new URL("../..", import.meta.url)),
    "node_modules",
    ".cache",
    "node",
  );
}
