import twilio from "twilio";
import { outboundAgents } from "../outbound/index.ts";

/** An account at Twilio. */
export type TwilioAccount = {
  accountSid: string;
  /** Signs what Twilio sends us, and our requests where no API key is given. */
  authToken: string;
  /** Signs our requests instead: it can be withdrawn alone. */
  apiKey?: { sid: string; secret: string };
  /** Another server that speaks Twilio's protocol; absent: Twilio's own. */
  apiUrl?: string;
};

export type TwilioClient = ReturnType<typeof twilio>;

/** Twilio's SDK, bounded: no retries of its own, no redirects, an end to waiting, and nothing printed. */
export function twilioClient(account: TwilioAccount, timeoutMs: number): TwilioClient {
  const { accountSid, authToken, apiKey, apiUrl } = account;
  return twilio(apiKey?.sid ?? accountSid, apiKey?.secret ?? authToken, {
    accountSid,
    httpClient: new BoundedRequests(timeoutMs, apiUrl),
    autoRetry: false, // it would repeat a text, and nobody would know
    logLevel: "none", // TWILIO_LOG_LEVEL=debug prints numbers and texts
  });
}

type RequestClient = InstanceType<typeof twilio.RequestClient>;

class BoundedRequests extends twilio.RequestClient {
  readonly #origin: string | undefined;

  constructor(timeoutMs: number, origin: string | undefined) {
    super({ timeout: timeoutMs });
    this.#origin = origin;
    // The operator's choice: Twilio, or TWILIO_API_URL. Nothing of the environment sends it through a proxy.
    Object.assign(this.axios.defaults, outboundAgents({ reach: "anywhere" }), { proxy: false });
    this.axios.defaults.maxContentLength = 1024 * 1024;
    this.axios.interceptors.request.use((config) => {
      config.signal = AbortSignal.timeout(timeoutMs); // the SDK's own timeout starts anew at every byte
      return config;
    });
  }

  override request: RequestClient["request"] = (options) => {
    const { pathname, search } = new URL(options.uri);
    const uri = this.#origin ? new URL(pathname + search, this.#origin).href : options.uri;
    return super.request({ ...options, uri, allowRedirects: false });
  };
}
