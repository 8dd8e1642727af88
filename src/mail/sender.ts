/** A rendered mail. `key` tells a mail service that it has seen this one before. */
export interface Mail {
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The instant, in business time, of what it tells. */
  readonly atMs: number;
}

/** The way mails leave. It throws when a mail may not have left: it is then sent again. */
export interface MailSender {
  send(mail: Mail): Promise<void>;
}
