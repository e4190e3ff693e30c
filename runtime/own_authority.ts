import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ConfigError } from "./config_error.ts";

/**
 * Believes the authority whose certificates NODE_EXTRA_CA_CERTS names, beside those that Node knows. Node itself reads
 * the variable before any of ours runs, so not out of a file of settings, and only warns of a file that is not there.
 * Throws a ConfigError when the file cannot be used. FND-36.
 */
export function trustOwnAuthority(env: NodeJS.ProcessEnv): void {
  const file = env.NODE_EXTRA_CA_CERTS;
  if (!file) return;
  try {
    const own = readFileSync(file, "utf8");
    if (!own.includes("-----BEGIN CERTIFICATE-----")) throw new Error("no certificate is in it");
    setDefaultCACertificates([...getCACertificates("default"), own]);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      `NODE_EXTRA_CA_CERTS must be a file of certificates (PEM) that can be read: ${file} cannot (${code ?? message}).`,
    );
  }
}
