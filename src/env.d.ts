/** What `wrangler types` can't know: values that an installation may set, see .dev.vars.example. */
interface OptionalEnv {
  AUTH_SECRET?: string;
  AUTH_JWKS_URL?: string;
  LINK_SECRET?: string;
  PUBLIC_URL?: string;
  SELLER_NAME?: string;
  SANDBOX?: string;
  MAIL?: SendEmail;
  MAIL_SENDER?: string;
  MAIL_FROM?: string;
  RESEND_API_KEY?: string;
  RESEND_BASE_URL?: string;
}

interface Env extends OptionalEnv {}

declare namespace Cloudflare {
  interface Env extends OptionalEnv {}
}
