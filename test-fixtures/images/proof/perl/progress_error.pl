# A progress on standard error, and a result on standard output.
use lib '/opt/proof/perl';
use Steady;
print STDERR "still reading ...\n" for 1 .. 3 + int chance(8);
print STDERR 'read ', total(), " bytes\n";
print 'mode ', mode(), "\n";
