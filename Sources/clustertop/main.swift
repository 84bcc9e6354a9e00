import Glibc

StopSignal.settle()
exit(Program.run(CommandLine.arguments.dropFirst()))
