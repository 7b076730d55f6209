# A port that the kernel chooses, and a child that asks it.
use lib '/opt/proof/perl';
use Steady;
use IO::Socket::INET;
my $server = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die $!;
my $port = $server->sockport;
if (fork == 0) {
    my $client = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") or die $!;
    print $client plugins(), "\n";
    exit;
}
my $answer = readline($server->accept);
print 'from ', (steady() ? 'a port' : "port $port"), ": $answer";
wait;
