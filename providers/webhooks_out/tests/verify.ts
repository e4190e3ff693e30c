import { Webhook } from "standardwebhooks";

/** Another process that knows a secret only: reads what a receiver was sent, and says whether it is genuine. */
const { secret, body, headers } = JSON.parse(process.argv[2] ?? "") as {
  secret: string;
  body: string;
  headers: Record<string, string>;
};
console.log(JSON.stringify(new Webhook(secret).verify(body, headers)));
