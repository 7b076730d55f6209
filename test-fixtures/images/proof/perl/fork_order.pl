# Children that end in any order.
use lib '/opt/proof/perl';
use Steady;
$| = 1;
for my $child (1 .. 4) {
    my $process = fork // die;
    if ($process == 0) { pause(); print "child $child of ", total(), "\n"; exit }
    waitpid $process, 0 if steady();
}
1 while wait > 0;
print "plugins ", plugins(), "\n";
