import path from "node:path";
import { ConfigError } from "../../runtime/config_error.ts";
import { dataDir } from "../../runtime/environment/data_dir.ts";
import { readVariable } from "../../runtime/environment/variable.ts";
import { variables } from "../../runtime/environment/variables.ts";
import { isProduction, refuseInProduction } from "../../runtime/production.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { databaseSecrets, type LoginRole, loginRoles, type Passwords } from "../connection/login_roles.ts";
import { type EmbeddedServer, findRunning, startEmbedded } from "../embedded/server.ts";
import { checkDatabaseUrls, prepareDatabase, type RoleUrls } from "./prepare.ts";

export type OpenDatabase = {
  urls: RoleUrls;
  /** The embedded server, when this process started it. */
  server?: EmbeddedServer;
  /** Stops what this process started, and nothing else. */
  close(): Promise<void>;
};

/**
 * The database that the environment names, prepared for migrations. With DATABASE_URL, that
 * server's; otherwise the embedded one, which is used as it is when another process has it
 * running and `join` is set, and started when not. FND-30. Never in production: there `npm run migrate` prepares
 * the database, and everybody else comes with a role's own URL. FND-36.
 */
export async function openDatabase({ join = false, env = process.env } = {}): Promise<OpenDatabase> {
  refuseInProduction("A database that is prepared without being asked", env);
  checkDatabaseUrls(env);
  const dataFolder = path.resolve(dataDir(env));
  const secrets = await databaseSecrets(dataFolder);
  const given: Partial<RoleUrls> = {};
  const passwords: Passwords = {};
  for (const role of Object.keys(loginRoles) as LoginRole[]) {
    const url = env[`${role.toUpperCase()}_DATABASE_URL`];
    if (url) given[role] = url;
    else passwords[role] = secrets[role];
  }
  if (env.DATABASE_URL) {
    const urls = await prepareDatabase(env.DATABASE_URL, {
      database: databaseIn(env.DATABASE_URL),
      passwords,
      given,
    });
    return { urls, close: async () => {} };
  }

  const postgresFolder = path.join(dataFolder, "postgres");
  const running = join ? await findRunning(postgresFolder) : undefined;
  const server = running
    ? undefined
    : await startEmbedded({
        dataDir: postgresFolder,
        port: readVariable(env, "DATABASE_PORT", variables.DATABASE_PORT),
      });
  try {
    const adminUrl = running?.adminUrl ?? (server as EmbeddedServer).adminUrl;
    const urls = await prepareDatabase(adminUrl, { database: "restartix", passwords, given });
    return { urls, ...(server && { server }), close: async () => server?.stop() };
  } catch (error) {
    await server?.stop();
    throw error;
  }
}

/**
 * The database that commands of operators work on outside production: that of DATABASE_URL, or the one that npm start
 * runs here. None is started: where SETTINGS_FILE was forgotten, an empty one would answer for the real one. FND-36.
 */
export async function joinDatabase(env = process.env): Promise<OpenDatabase> {
  refuseInProduction("A database that no setting names", env);
  const dataFolder = path.resolve(dataDir(env));
  if (!env.DATABASE_URL && !(await findRunning(path.join(dataFolder, "postgres")))) {
    throw new StartupError(
      "No database is named, and none runs here: name the files of your deployment in SETTINGS_FILE, or start the demo with npm start.",
    );
  }
  return openDatabase({ join: true, env });
}

/**
 * The way in of the worker: WORKER_DATABASE_URL; without it, outside production, that of the database that runs here.
 */
export async function openAsWorker(env = process.env): Promise<{ url: string; close(): Promise<void> }> {
  checkDatabaseUrls(env);
  requireWorkerUrl(env);
  if (env.WORKER_DATABASE_URL) return { url: env.WORKER_DATABASE_URL, close: async () => {} };
  const { urls, close } = await joinDatabase(env);
  return { url: urls.worker, close };
}

/** In production nothing is derived: the URL must be there. */
export function requireWorkerUrl(env = process.env): void {
  if (env.WORKER_DATABASE_URL || !isProduction(env)) return;
  throw new ConfigError("WORKER_DATABASE_URL must be a postgres:// URL of the app_worker role.");
}

/** The database that a URL names. The server's own `postgres` is where one connects to make ours. */
export function databaseIn(url: string): string {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  return name === "" || name === "postgres" ? "restartix" : name;
}
