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
  TOKEN_ENCRYPTION_KEY?: string;
  MOMO_BASE_URL?: string;
  MOMO_PARTNER_CODE?: string;
  MOMO_ACCESS_KEY?: string;
  MOMO_SECRET_KEY?: string;
  MOMO_PUBLIC_KEY?: string;
  ZALOPAY_BASE_URL?: string;
  ZALOPAY_APP_ID?: string;
  ZALOPAY_KEY1?: string;
  ZALOPAY_KEY2?: string;
  VNPAY_BASE_URL?: string;
  VNPAY_TMN_CODE?: string;
  VNPAY_HASH_SECRET?: string;
  STRIPE_BASE_URL?: string;
  STRIPE_SECRET_KEY?: string;
  STRIPE_WEBHOOK_SECRET?: string;
}

interface Env extends OptionalEnv {}

declare namespace Cloudflare {
  interface Env extends OptionalEnv {}
}
