import { spawn } from "node:child_process";

/**
 * Ends the database server if this process is killed without a chance to do it. A shell waits at the
 * other end of a pipe: the end of the pipe without a word means that we are gone. Answers with what
 * calls it off.
 */
export function endWithUs(pid: number): () => void {
  if (process.platform === "win32") return () => {};
  const guard = spawn("/bin/sh", ["-c", 'read -r word || kill -INT "$1"', "guard", String(pid)], {
    detached: true, // Ctrl-C must not reach it
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.unref();
  guard.stdin.on("error", () => {}); // it may be gone before us
  return () => guard.stdin.end("done\n");
}
