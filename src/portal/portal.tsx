import { routes } from "../http/openapi.ts";
import { portalTexts } from "../texts/portal.ts";
import { chooseLanguage, languageOf } from "./language.ts";
import { beforePages } from "./security.ts";
import { enter, leave, visiting } from "./session.tsx";
import { closed, failedPage } from "./ui/closed.tsx";

/** The portal: its way in and out, and its rooms. */
export const portal = routes();
portal.use("/portal/*", ...beforePages, chooseLanguage);
portal.onError(failedPage);
portal.get("/portal/enter", enter);
portal.post("/portal/sign-out", visiting("any"), leave);
portal.get("/portal/*", visiting("any"), (c) => {
  const texts = portalTexts[languageOf(c)];
  return closed(c, { status: 404, title: texts.notFound, hint: texts.notFoundHint });
});
