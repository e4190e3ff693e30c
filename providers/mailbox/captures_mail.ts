/** The port on which the mailbox takes mail; null where mail goes to a real server. */
export function capturesMail(env: NodeJS.ProcessEnv): number | null {
  const smtp = new URL(env.SMTP_URL || "smtp://127.0.0.1:4025");
  const isHere = smtp.protocol === "smtp:" && /^(localhost|127\.0\.0\.1)$/.test(smtp.hostname);
  return isHere && (env.EMAIL_PROVIDER || "smtp") === "smtp" ? Number(smtp.port || 25) : null;
}
