import { loadEnvFile } from "node:process";
import { trustOwnAuthority } from "./own_authority.ts";
import { StartupError } from "./startup_error.ts";

/**
 * Reads the files that SETTINGS_FILE names, separated by commas, into the environment: lines `NAME=value`, as systemd
 * and containers read them. What the environment has already stays, so a variable before a command wins. FND-36.
 */
export function readSettingsFiles(env: NodeJS.ProcessEnv = process.env): void {
  const files = (env.SETTINGS_FILE ?? "").split(",").map((file) => file.trim());
  for (const file of files.filter(Boolean)) {
    try {
      loadEnvFile(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new StartupError(`SETTINGS_FILE must name files that can be read: ${file} cannot (${code}).`, {
        cause: error,
      });
    }
  }
  trustOwnAuthority(env);
}
