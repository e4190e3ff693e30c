/** A setting that cannot be used. Its message names the variable and what is expected, never the value. */
export class ConfigError extends Error {
  override name = "ConfigError";
}
