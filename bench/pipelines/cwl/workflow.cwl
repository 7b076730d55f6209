# Twelve steps on five images: numbers are made, measured in four languages, and told of in a page.
cwlVersion: v1.2
class: Workflow
requirements:
  MultipleInputFeatureRequirement: {}
inputs:
  count: int
  source: File
  document: File
  model: File
outputs:
  page: { type: File, outputSource: render/page }
  digest: { type: File, outputSource: digest/text }
  coefficients: { type: File, outputSource: fit/table }
  primes: { type: File, outputSource: find-primes/primes }
steps:
  make-numbers:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/base:1" } }, baseCommand: [seq, "1"], inputs: { count: { type: int, inputBinding: {} } }, outputs: { numbers: stdout }, stdout: numbers.txt }
    in: { count: count }
    out: [numbers]
  sort-numbers:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/base:1" } }, baseCommand: [sort, -rn], inputs: { numbers: { type: File, inputBinding: {} } }, outputs: { sorted: stdout }, stdout: sorted.txt }
    in: { numbers: make-numbers/numbers }
    out: [sorted]
  sum-up:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/scripts:1" } }, baseCommand: [perl, -ne, "$s += $_; END { print qq(sum $s\\n) }"], inputs: { numbers: { type: File, inputBinding: {} } }, outputs: { sum: stdout }, stdout: sum.txt }
    in: { numbers: sort-numbers/sorted }
    out: [sum]
  find-middle:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/scripts:1" } }, baseCommand: [python3, -c, "import sys, statistics, json; print(json.dumps({'median': statistics.median(int(line) for line in open(sys.argv[1]))}))"], inputs: { numbers: { type: File, inputBinding: {} } }, outputs: { middle: stdout }, stdout: middle.json }
    in: { numbers: make-numbers/numbers }
    out: [middle]
  compile:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/compiler:1" } }, baseCommand: [gcc, -O1, -o, primes], inputs: { source: { type: File, inputBinding: {} } }, outputs: { program: { type: File, outputBinding: { glob: primes } } } }
    in: { source: source }
    out: [program]
  find-primes:
    run:
      class: CommandLineTool
      hints: { DockerRequirement: { dockerPull: "keepset-pipeline/base:1" } }
      requirements: { InitialWorkDirRequirement: { listing: ["$(inputs.program)"] } }
      baseCommand: [./primes]
      inputs: { program: File, numbers: { type: File, inputBinding: {} } }
      outputs: { primes: stdout }
      stdout: primes.txt
    in: { program: compile/program, numbers: make-numbers/numbers }
    out: [primes]
  fit:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/statistics:1" } }, baseCommand: [Rscript], inputs: { model: { type: File, inputBinding: { position: 1 } }, primes: { type: File, inputBinding: { position: 2 } } }, outputs: { table: { type: File, outputBinding: { glob: coefficients.csv } }, plot: { type: File, outputBinding: { glob: plot.pdf } } } }
    in: { model: model, primes: find-primes/primes }
    out: [table, plot]
  group:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/research:1" } }, baseCommand: [python3, -c, "import sys, pandas; numbers = pandas.read_csv(sys.argv[1], names=['n']); print(numbers.groupby(numbers.n % 7).n.sum().to_string())"], inputs: { primes: { type: File, inputBinding: {} } }, outputs: { groups: stdout }, stdout: groups.txt }
    in: { primes: find-primes/primes }
    out: [groups]
  compress:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/base:1" } }, baseCommand: [gzip, -9nc], inputs: { numbers: { type: File, inputBinding: {} } }, outputs: { packed: stdout }, stdout: numbers.gz }
    in: { numbers: sort-numbers/sorted }
    out: [packed]
  digest:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/scripts:1" } }, baseCommand: [openssl, dgst, -sha256, -r], inputs: { packed: File }, outputs: { text: stdout }, stdin: $(inputs.packed.path), stdout: digest.txt }
    in: { packed: compress/packed }
    out: [text]
  gather:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/base:1" } }, baseCommand: [cat], inputs: { document: { type: File, inputBinding: { position: 1 } }, parts: { type: "File[]", inputBinding: { position: 2 } } }, outputs: { whole: stdout }, stdout: whole.md }
    in: { document: document, parts: { source: [sum-up/sum, find-middle/middle, group/groups], linkMerge: merge_flattened } }
    out: [whole]
  render:
    run: { class: CommandLineTool, hints: { DockerRequirement: { dockerPull: "keepset-pipeline/research:1" } }, baseCommand: [pandoc, -f, markdown, -t, html, -o, page.html], inputs: { whole: { type: File, inputBinding: {} } }, outputs: { page: { type: File, outputBinding: { glob: page.html } } } }
    in: { whole: gather/whole }
    out: [page]
