import { portal } from "./portal.tsx";

/** The pages that customers see. */
export const pages = [portal];
