import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { open, save } from "@tauri-apps/plugin-dialog";

/** What a file picker is asked for. */
export interface PickRequest {
  title: string;
  /** Where the picker starts, or the file that it proposes. */
  start?: string;
  filters?: { name: string; extensions: string[] }[];
}

/** Everything that the interface asks of what lies around it. */
export interface Platform {
  invoke(command: string, args?: Record<string, unknown>): Promise<unknown>;
  listen(event: string, handler: (payload: unknown) => void): Promise<() => void>;
  pickFile(request: PickRequest): Promise<string | null>;
  pickFiles(request: PickRequest): Promise<string[] | null>;
  pickFolder(request: PickRequest): Promise<string | null>;
  pickNewFile(request: PickRequest): Promise<string | null>;
}

const tauri: Platform = {
  invoke: (command, args) => invoke(command, args),
  listen: (event, handler) => listen(event, ({ payload }) => handler(payload)),
  pickFile: (request) => open({ ...asDialog(request), multiple: false, directory: false }),
  pickFiles: (request) => open({ ...asDialog(request), multiple: true, directory: false }),
  pickFolder: (request) => open({ ...asDialog(request), multiple: false, directory: true }),
  pickNewFile: (request) => save(asDialog(request)),
};

let current: Platform = tauri;

/** The platform in use. */
export function platform(): Platform {
  return current;
}

/** Puts another platform in place: tests, and the interface in a plain browser while developing. */
export function setPlatform(replacement: Platform): void {
  current = replacement;
}

function asDialog({ title, start, filters }: PickRequest) {
  return {
    title,
    ...(start === undefined ? {} : { defaultPath: start }),
    ...(filters === undefined ? {} : { filters }),
  };
}
