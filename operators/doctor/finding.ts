import type pg from "pg";

/** What one look at a deployment found. */
export type Finding = {
  /** `broken`: it does not work or is not safe; `warning`: it works, and somebody should know. */
  level: "ok" | "warning" | "broken";
  /** One line without personal data and without secrets. */
  says: string;
  /** What to do about it. */
  mend?: string;
};

export const ok = (says: string): Finding => ({ level: "ok", says });
export const warning = (says: string, mend: string): Finding => ({ level: "warning", says, mend });
export const broken = (says: string, mend: string): Finding => ({ level: "broken", says, mend });

/** What the doctor examines: the processes' own ways in, with the processes' own rights. */
export type Deployment = {
  env: NodeJS.ProcessEnv;
  production: boolean;
  /** As app_authenticator. */
  authenticator: pg.Client;
  /** As app_worker. */
  worker: pg.Client;
};

export type Examination = { name: string; examine(deployment: Deployment): Promise<Finding[]> };
