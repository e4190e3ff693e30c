/**
 * What Twilio's error codes mean for us (https://www.twilio.com/docs/api/errors). They come in an answer to
 * a send and, later, in a status callback; both read them here. FND-15.
 */

/** Its owner wants nothing more from this sender. */
const optedOut = new Set([
  21610, // replied STOP
  63033, // blocked the sender
]);

/** The number itself: it does not exist, or cannot take this channel. */
const deadNumbers = new Set([
  21211, // 'To' is not a telephone number
  21217, // 'To' does not appear to be valid
  21614, // 'To' is not a mobile number
  30005, // unknown handset
  30006, // a landline, or out of the carriers' reach
  63003, // not found on this channel
  63024, // not a WhatsApp user
]);

/** This message, to a number that is good: sending it again would fail again. */
const refusedMessages = new Set([
  21602, // no body
  21605, // body too long
  21612, // this sender does not reach that number
  21617, // more than 1,600 characters
  21619, // nothing to send
  21620, // a media URL that is none
  21656, // variables that the template does not take
  63005, // the channel does not take this content
  63013, // against the channel's policy
  63016, // free text outside of WhatsApp's window of 24 hours
  63021, // invalid content
  63028, // too many or too few variables
  63049, // Meta chose not to deliver a marketing text
]);

/** Our account: wrong credentials, or one that is closed. */
const refusedCredentials = new Set([
  20003, // authentication failed
  20005, // the account is not active
  20006, // access denied
  20008, // test credentials
  20010, // the account is suspended
]);

export type TwilioVerdict =
  | "opted_out"
  | "number_is_dead"
  | "message_refused"
  | "credentials_refused"
  | "later";

/**
 * What an answer says. Unknown codes mean later: a sender that is not set up yet, a region that is not
 * allowed, a limit. People mend those, and the message is still good.
 */
export function verdictOf(code: number | null, status: number | null): TwilioVerdict {
  if (code !== null && optedOut.has(code)) return "opted_out";
  if (code !== null && deadNumbers.has(code)) return "number_is_dead";
  if (code !== null && refusedMessages.has(code)) return "message_refused";
  if (code !== null && refusedCredentials.has(code)) return "credentials_refused";
  if (status === 401) return "credentials_refused";
  // The only thing that a send names in its path is the account.
  if (code === 20404 && status === 404) return "credentials_refused";
  return "later";
}
