/** The vendor does not accept our credentials: nothing a retry mends; counted against the integration (FND-23). */
export class CredentialsRefused extends Error {
  override name = "CredentialsRefused";
}
