import { type Family, isOpened } from './family.js';

const PLUGIN = /^(.*\/gstreamer-[\d.]+)\/libgst([^/]+)\.so$/;

/** Plugins of GStreamer: its registry knows them all, and loads those that a pipeline or a file needs. */
export const mediaPlugins: Family = {
  kind: 'media-plugins-removed',
  title: 'plugins of GStreamer',
  lookedUpIn: (kept) => (isOpened(kept) ? PLUGIN.exec(kept.path)?.[1] : undefined),
  nameOf: (path) => PLUGIN.exec(path)?.[2],
  // The registry looks at all of them.
  isUsed: isOpened,
  cure: 'play what will be played, or keep the plugins with their libraries',
};
