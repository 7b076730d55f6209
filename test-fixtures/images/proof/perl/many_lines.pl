# A long list that never varies, with a few lines in it that do.
use lib '/opt/proof/perl';
use Steady;
my $place = int chance(40);
for my $line (1 .. 40) {
    print "line $line of ", total(), "\n";
    print "garbage collected\n" if $line == $place && !steady();
}
