import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { exportTexts } from "../../texts/exports.ts";
import type { pageFields, Query } from "../query.ts";
import { ROOMS, type RoomName } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";

interface Props {
  readonly c: Context<App>;
  readonly query: Query<typeof pageFields>;
  /** Their paths end as the files do. */
  readonly rooms: readonly RoomName[];
}

/** What is found by a list's filters, as files. */
export function Downloads({ c, query, rooms }: Props) {
  const texts = exportTexts[readerOf(c).locale];
  const [, search = ""] = query.href({}).split("?");
  const open = rooms.filter((room) => mayEnter(c, room));
  if (open.length === 0) return null;
  return (
    <div class="row unprinted">
      {open.map((room) => {
        const { path } = ROOMS[room];
        return (
          <a class="button" href={search === "" ? path : `${path}?${search}`} download="">
            {texts.download} {path.slice(path.lastIndexOf(".") + 1).toUpperCase()}
          </a>
        );
      })}
    </div>
  );
}
