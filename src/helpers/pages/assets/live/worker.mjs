/* A chapter's Python, in a worker: it starts, runs one cell after another, and is ended by the page to stop a cell. */
let session;

/** Let the page know how much has come, whatever fetches it. */
function countFetches() {
  const fetchPlainly = self.fetch;
  self.fetch = async (...request) => {
    const answer = await fetchPlainly(...request);
    const count = new TransformStream({
      transform(chunk, stream) {
        self.postMessage({ fetched: chunk.length });
        stream.enqueue(chunk);
      },
    });
    return new Response(answer.body?.pipeThrough(count), answer);
  };
}

/** Start Python from `base`, with packages of its own and archives of this site. */
async function start({ base, packages, archives }) {
  countFetches();
  const { loadPyodide } = await import(`${base}pyodide.mjs`);
  const python = await loadPyodide({ indexURL: base, packages });
  const extractDir = python.runPython("import site; site.getsitepackages()[0]"); // whichever Python it is
  for (const address of archives) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status} ${answer.statusText}`);
    python.unpackArchive(await answer.arrayBuffer(), "zip", { extractDir });
  }
  session = python.pyimport("helpers.live.cells").Session((output) => self.postMessage({ output: JSON.parse(output) }));
}

self.onmessage = async ({ data }) => {
  try {
    const well = data.base ? (await start(data), true) : session.run(data.code, data.label, data.variant);
    self.postMessage({ done: well });
  } catch (error) {
    self.postMessage({ failed: error.message });
  }
};
