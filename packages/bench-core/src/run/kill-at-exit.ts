const kills = new Set<() => void>();

function killAll(): void {
  for (const kill of kills) kill();
}

/**
 * Has `kill` called when this process ends, unless the returned function was called before. However many processes there are,
 * this one has a single listener: Node.js warns of more than ten.
 */
export function killAtExit(kill: () => void): () => void {
  if (kills.size === 0) process.on('exit', killAll);
  kills.add(kill);
  return () => {
    kills.delete(kill);
    if (kills.size === 0) process.removeListener('exit', killAll);
  };
}
